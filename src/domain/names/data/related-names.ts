/**
 * Groups of given names that records keep apart and that one person may use side by side: short forms, and neighbouring forms of one name.
 * They call for a look, never for a match. Folded, without marks; a name may stand in several groups.
 */
const GROUPS = `
  jose pepe
  francisco paco pancho curro
  ignacio nacho
  dolores lola
  guadalupe lupe
  enrique quique
  rafael rafa
  eduardo lalo
  jesus chucho
  isabel chabela
  giuseppe beppe peppe
  giovanni gianni nanni
  johannes johann hans
  wilhelm willi
  friedrich fritz
  heinrich heinz heini
  margarethe margareta grete greta
  jan janek janko
  sergei sergey seryozha serezha
  ivan vanya vania
  pavel pasha
  abigail abby
  gulnar gulnara gulya
  aleksandr sanya shura
  alexander alex alec sandy sasha aleksandr alexandros alekos oleksandr alejandro alessandro aleksander iskander xander
  alexandra alex sandra sasha sandy aleksandra oleksandra alejandra alessandra
  andrew andy drew andre andrei andrey andreas andriy andres
  anthony tony anton antonio antoine antoni
  anna ann anne annie ania anya hannah ana hanna annika anja
  barbara barb babs basia
  benjamin ben benny binyamin
  bernard bernie bernhard
  catherine katherine kathryn cathy kathy kate katie kit kitty cat katharine katarina katarzyna ekaterina kateryna katya kasia catalina caterina karin
  charles charlie chuck chas carl karl carlos carlo karol
  christopher chris kit topher kristof christophe krzysztof
  christine christina chris tina kristina chrissie cristina kristin christiane
  daniel dan danny danilo danil daniil
  david dave davey dawid davit
  deborah debbie deb debra
  desmond des
  donald don donnie
  dorothy dot dottie dolly dorothea
  edward ed eddie ted teddy ned eduard eduardo
  eleanor ellie nell nora
  elizabeth liz lizzie beth betty eliza elsie bess libby lisa elisabeth lily betsy elizaveta elisa ilse isabel elspeth
  emily em emmy emilia emilie
  francis frank frankie francisco francesco francois franz
  frances fran frankie fanny francesca francisca
  frederick fred freddie fredrik friedrich federico
  gabriel gabe
  george giorgos yiorgos georgie georg georgy georgiy georgios jorge jerzy giorgi jurgen yuri
  gerald gerry jerry gerard
  gregory greg grigory grzegorz
  helen helena nell ellen elena eleni olena helene ilona lena alyona
  henry harry hal hank henri heinrich enrique henrik
  isaac ike yitzhak zak
  jacob jake jakob yakov jacques james
  james jim jimmy jamie jem jaime diego
  jane jean janet jenny joan johanna joanna jana
  jeffrey jeff geoffrey geoff
  jennifer jen jenny
  joanna jo joan joanne johanna ioanna
  john jack johnny jon ian sean jean johan johann juan ivan giovanni ioannis giannis yannis jan yahya
  jonathan jon jonny nathan
  joseph joe joey jo jose josef giuseppe yosef yusuf jozef iosif
  joshua josh
  judith judy jude
  julia julie yulia julija giulia juliet
  katarina katya kate
  kenneth ken kenny
  laurence lawrence larry laurie lorenzo
  leonard leo len lenny
  lewis louis lou luis luigi ludwig
  louise lou luisa louisa
  margaret maggie meg peggy marge margie rita greta daisy margarita marguerite margot malgorzata gosia
  mark marc marcus marco marek markus
  martin marty martyn
  mary maria marie molly polly mae marija mariya mariia maryam miriam maire
  matthew matt matthias mateo matteo mateusz matvey
  michael mike mick mickey mikey michel miguel mikhail mykhailo michal michele misha mischa mihail
  natalia natalya natalie nataliya nataliia natasha natasa natacha
  nicholas nick nicky nicolas nikolai nikolay mykola nikolaos nikola niko nikos klaus kolya nicola
  oliver ollie olivier
  pamela pam
  patricia pat patty trish tricia
  patrick pat paddy patricio padraig
  paul pavel pavlo pablo paolo pawel paulo
  peter pete petr petro pedro pierre pietro piotr pieter petya petros
  philip phil phillip filip philippe felipe
  rebecca becky becca rivka
  richard rick dick rich richie ricky ricardo ryszard
  robert rob bob bobby robbie bert roberto
  ronald ron ronnie
  rosalind ros rosie
  rosemary rose rosie
  samuel sam sammy shmuel
  samantha sam
  sarah sara sally sadie
  sergei sergey sergiy serhii serge sergio
  simon semyon simeon szymon
  sophia sophie sofia sofie sofya zofia sonya sonia
  stephen steven steve stefan stephan stepan esteban etienne stefano szczepan
  susan sue susie suzanne susanna zuzanna
  theodore ted theo teddy fyodor theodoros teodor
  theresa teresa terry tess therese
  thomas tom tommy tomas tomasz tommaso foma
  timothy tim timmy timofey
  tatiana tatyana tanya tania tetiana
  valentina valya tina
  vasily vasyl vasya basil vasil
  victor viktor vitya
  victoria vicky viktoria vika tori
  vincent vince vinnie vincenzo
  vladimir volodymyr volodya vova vlad wladimir
  vladislav vlad slava
  william bill billy will willie liam wilhelm guillermo guillaume
  yevgeny evgeny eugene yevhen zhenya evgeniy
  yevgenia evgenia eugenia zhenya
  zachary zach zack
  abdullah abdallah
  ahmed ahmad ahmet achmed hamed
  muhammad mohammed mehmet mahomet mo
  gulnar gulnara gulnur
  dmitrii dmitri dmitry dmitriy dima mitya dmytro dimitri dimitrios
  vasileios vasilis vassilis basil
  konstantinos kostas konstantin kostya
  aleksei alexei alexey aleksey alyosha lesha oleksii
  anastasia anastasiya nastya anastasiia
  evgenii evgeny yevgeny zhenya
  mariia maria mariya masha marusya
  ekaterina katya yekaterina kateryna
  zhanna zhanar zhanat
  nino nina
  александр александра саша шура саня алекс олександр
  александра саша шура олександра
  алексей леша алеша олексий олексій
  анастасия настя анастасія
  анна аня нюра ганна
  андрей андрій андрюша
  борис боря
  валентина валя
  валерий валера валерій
  василий вася василь
  виктор витя віктор
  виктория вика вікторія
  владимир вова володя володимир
  вячеслав слава
  галина галя
  георгий жора гоша георгій егор юрий
  григорий гриша григорій
  дарья даша дария дарина дар'я
  дмитрий дима митя димитрий дмитро
  евгений женя євген евген
  евгения женя євгенія
  екатерина катя катерина
  елена лена алена олена
  елизавета лиза
  иван ваня іван
  ирина ира ірина
  константин костя костянтин
  ксения ксюша оксана аксинья
  любовь люба
  людмила люда мила
  максим макс
  мария маша маруся марія марья
  михаил миша михайло
  надежда надя надія
  наталия наталья наташа наталія натали
  николай коля микола
  ольга оля
  павел паша павло
  петр петя петро
  роман рома
  светлана света світлана
  сергей сережа сергій
  софья софия соня софія
  станислав стас
  татьяна таня тетяна
  федор федя
  юлия юля юлія
  юрий юра юрій
  яков яша яків
  гулнар гульнар гульнара гүлнәр гүлнар гүлнара`

const GROUPS_OF = new Map<string, number[]>()
for (const [index, group] of GROUPS.trim().split('\n').entries()) {
  for (const name of group.trim().split(/\s+/)) GROUPS_OF.set(name, [...(GROUPS_OF.get(name) ?? []), index])
}

export function areRelated(a: string, b: string): boolean {
  const others = GROUPS_OF.get(b)
  return others !== undefined && (GROUPS_OF.get(a)?.some((group) => others.includes(group)) ?? false)
}
