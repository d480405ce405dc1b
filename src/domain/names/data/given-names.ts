/**
 * Common given names, to tell two names that are a letter apart from one name with a slip, and to see which word of an exchanged pair can
 * only be the given name. Folded, without marks. A name not listed is judged by its letters alone.
 */
const names = (source: string): ReadonlySet<string> => new Set(source.trim().split(/\s+/))

export const GIVEN_NAMES = names(`
  aaron adam adrian agnes aidan alan albert alec alex alexander alexandra alexis alfred alice alicia alison alistair amanda amber amelia amy ana
  andre andrea andreas andres andrew andrzej angel angela angelica angelo angus anita ann anna anne annette anthony antoine anton antonia antonio
  april arnold arthur ashley audrey august austin barbara barry beatrice beatriz ben benedict benjamin bernard beth betty beverly bill blanca bob brandon
  brenda brian bridget bruce bruno bryan caleb cameron camila camille carina carl carla carlos carmen carol carolina caroline catherine cecilia cecil
  chantal charles charlotte chiara chloe chris christian christina christine christopher clara clare claire claude claudia claudio clement colin connor
  craig cristina cynthia daisy dale damian damien dan dana daniel daniela danielle daria dario david dean deborah denis denise dennis derek
  desmond diana diane diego dominic dominique donald donna doris dorothy douglas duncan dylan eddie edgar edith edmund eduardo edward edwin eileen
  elaine elena eleanor eli elias elisa elisabeth elise eliza elizabeth ella ellen elsa emil emilia emilie emilio emily emma enrique eric erica erik
  erika ernest erin esteban esther ethan eugene eva evan eve evelyn everett fabian fabio felix fernanda fernando finn fiona florence frances francesca
  francesco francis francisco francois frank franz fred frederick frieda gabriel gabriela gareth gary gavin gemma geoffrey george georgia georgina gerald gerard gilbert
  giovanni giulia giulio giuseppe gloria gonzalo gordon grace graham greg gregory greta guido guillermo gustav guy hannah hans harold harriet harry
  hazel heather hector heidi helen helena helene helga henri henry herbert hilda holly howard hugh hugo ian ida ignacio igor imogen ines inga ingrid
  ingeborg irene iris isaac isabel isabella isla ivan ivy jack jacob jacqueline jacques jakob jake james jamie jan jana jane janet janice jared jasmine jason
  javier jean jeanne jeffrey jelena jenna jennifer jenny jeremy jerome jessica jessie jill jo joan joana joanna joanne joao jochen joel johan johann johanna john
  jon jonas jonathan jordan jorge jose joseph josephine joshua josue joyce juan juana judith judy julia julian juliana julie juliet julio justin karen
  karin karina karl karla karol kate katherine kathleen kathryn katie katja kay keith kelly ken kenneth kerry kevin kim kirsten klara klaus kristian kristin
  kristina kurt kyle lara lars laura lauren laurence laurent lea leah lee lena leo leon leonard leonardo leslie lewis liam lidia lilian lily linda lisa liz
  lois lora lorena lorenzo louis louisa louise luca lucas lucia luciana luciano lucy luis luisa luka lukas luke lydia lynn madeleine magda magdalena malcolm
  manuel manuela mara marc marcel marcela marcelo marco marcos marcus margaret margarita maria mariana marie marina mario marion marjorie mark markus marlene marta
  martha martin martina mary mateo mathias matilda matteo matthew matthias maureen maurice mauro max maximilian maya megan melanie melissa mercedes mia michael
  michaela michal michel michele michelle miguel mila milan mildred mina mira miranda mireille miriam molly mona monica monika morgan moritz nadia
  nadine nancy naomi natalia natalie nathan neil nicholas nicola nicolas nicole nigel nikita nina noah noel noelia nora norbert norma norman olga oliver
  olivia omar oscar oskar otto owen pablo pamela paola paolo patricia patricio patrick paul paula paulina pauline paulo pedro penelope peter petra phil philip
  philippa philippe phoebe pia pierre pieter priscilla rachel rafael raymond rebecca regina reinhard renata renate rene ricardo richard rita rob robert
  roberta roberto robin rocio rodney rodrigo roger roland rolf roman romana ronald rosa rosalind rosario rose rosemary rowena roy ruben rudolf rui rupert ruth ryan
  sabina sabine sally sam samantha samuel sandra sara sarah scott sean sebastian sergio seth sharon shaun sheila shirley sidney silvia silvio simon
  simona simone sofia sonia sonja sophia sophie stacy stefan stefania stefano stella stephanie stephen steve steven stuart susan susana susanna sven sylvia
  tamara tania tara ted teresa terence teresa thea theo theodor theodore theresa thomas tiago tim timothy tina tobias toby todd tom tomas tomasz toni tony
  tracy trevor tristan ulrich ulrike ursula ute valentin valentina valeria valerie vanessa vera verena veronica veronika victor victoria vincent viola violet virginia
  vivian walter wanda wayne wendy werner wilhelm william wolfgang xavier yann yolanda yves yvette yvonne zoe
  anders nils magnus henrik jens soren mads rasmus per knut arne alejandro ramon raul santiago vicente pietro marek istvan laszlo zoltan gabor
  ross allen allan grant russell stewart wallace warren winston taylor blake mason logan tyler
  saskia sanne marloes noelle astrid bjorn sigrid solveig ragnhild gunnar harald olaf olav leif siiri aino eero antti matti pekka
  agnieszka katarzyna malgorzata pawel piotr krzysztof lukasz zaneta grzegorz stanislaw wojciech jerzy janusz zdenek jiri milos mirek
  aleksandr aleksei aleksey alexei alexey anastasia anatoly boris dmitri dmitry ekaterina galina gennady georgy grigory ilya inna irina kirill konstantin larisa lev
  lidiya ludmila lyudmila maksim maxim mikhail nadezhda natalya nikolai nikolay oksana oleg olesya pavel polina sergei sergey stanislav svetlana tatiana tatyana timofey
  valery vasily viktor vladimir vyacheslav yana yulia yuri zinaida oleksandr olha serhii halyna iryna mykola tamar tamaz giorgi nino nana ketevan levan davit
  asel assel aigerim aida aidos aidar aisulu alibek aliya almas anar arman askar aslan azamat bakhyt bolat botagoz dana daniyar dauren dinara dias erlan
  ermek galym gulnar gulnara gulsim kairat kanat karlygash kuanysh madina marat maral meruert miras moldir murat nurlan nursultan oralbek rasul rassul rustam
  sabina samal saule serik talgat timur togzhan ulan yerlan yermek yerzhan zhanar zhanat zhanibek zhanna zarina
  abdul abdullah adel adnan ahmad ahmed aisha akram ali amal amina amir amira anas anwar ayman aziz badr bilal bushra dalia fadi fahad faisal
  farah farid faris fatima ghassan habib hadi hala hamad hamid hamza hana hani hasan hassan hatem hiba huda husain hussain hussein ibrahim iman imad
  iqbal ismail jamal jamil jawad kamal kareem karim khaled khalid khalil laila layla leila lina mahdi mahmoud majid malik mansour maryam mohamed mohammad mohammed
  mona mousa muhammad mustafa nabil nadir nasser nawal noor nour omar osama othman qasim rahim rahman rami rania rashid reem riyad saad sabah saeed said
  salah salem salim salma salman samir samira sami sana sharif suleiman tahir talal tamer tariq umar usman waleed walid yahya yasmin yasser yousef youssef
  yusuf zaid zainab ziad avraham chaim david dov eitan moshe noa rivka shira shlomo shmuel tamar yael yaakov yitzhak yosef
  ahmet aylin ayse burak cem deniz elif emine emre esra fatma gul hakan hasan huseyin ibrahim idil kemal mehmet merve murat mustafa ozgur selin sevgi yusuf zeynep
  adaeze adebayo amara chidi chinedu chioma emeka folake ifeoma ikenna kwame kofi ngozi nneka oluwaseun tunde yetunde
  aarav amit anil anita anjali arjun deepak divya kavita kiran lakshmi manoj meena neha nikhil pooja pradeep priya rahul raj rajesh ravi rohan sanjay
  sunita suresh vijay vikram agus budi dewi indah putri rizky siti sri wahyu
  akira aiko akiko daisuke haruto hiroshi ichiro jiro kaori kazuki keiko kenji kenta kyoko makoto mariko masako masato michiko naoko naoki ryo sakura satoshi saya shinji
  taro takashi takeshi tetsuji yoko yuki yuko yumi yui
  anh duc dung hanh hoa hung huong lan linh long mai minh nam nga ngoc phuong quang son tam thanh thao thu trang tuan
  александр алексей андрей анна антон антонина борис вера виктор владимир галина георгий дарья денис дмитрий екатерина елена иван игорь ирина кирилл лидия
  людмила максим мария марина михаил надежда наталия наталья николай олег ольга павел петр полина роман светлана сергей софия софья татьяна тимофей федор юлия юрий яна
  айгерим айгерім айдар айдос алия арман асель аслан болат бакыт бақыт дана данияр динара ерлан ержан ермек жанар жанат жанибек кайрат қайрат мадина марат мирас мұрат
  нурлан нұрлан оралбек расул сауле серик серік тимур үміт умит гулнар гульнара гүлнәр әлия әсел`)
