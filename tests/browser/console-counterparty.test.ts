/** The counterparty page in a real browser: changed keys by two people, limits and risk, tasks that are overdue. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { escalateTasks } from '../../src/app/escalate-tasks.ts'
import { cardOf, otherHouse } from '../support/cards.ts'
import { seriousFindings } from '../support/chromium.ts'
import { button, dialog, inConsoleWorld, section } from '../support/console-tests.ts'
import { type ConsoleWorld, lacking } from '../support/console-world.ts'
import { call } from '../support/two-gateways.ts'

describe.skipIf(lacking !== undefined)('the counterparty page', () => {
  let at: ConsoleWorld
  inConsoleWorld((world) => {
    at = world
  })

  let version = 2_000_000_000
  const alarm = async () => {
    const card = await cardOf(await otherHouse('alice'), { vaspId: 'alice', version: version++ })
    await at.world.bob
      .gateway()
      .counterparties.importCard(call('bob'), card, 'aida')
      .catch((error: unknown) => expect(error).toMatchObject({ code: 'CARD_ALARM' }))
  }

  it('shows what changed keys change, and takes two people to accept them', async () => {
    await alarm()
    const aida = await at.open('aida')
    await aida.goto('/counterparties')
    await section(aida, 'One decision about a counterparty waits').getByRole('link').first().click()
    await aida.getByRole('heading', { name: 'Its keys have changed' }).waitFor()
    expect(await aida.getByRole('rowheader', { name: 'Would be pinned' }).count()).toBe(2)
    expect(await aida.getByRole('rowheader', { name: 'Would be revoked' }).count()).toBe(2)
    await button(aida, 'Decide…').click()
    await dialog(aida).getByText('Another person must approve', { exact: false }).waitFor()
    await dialog(aida).getByLabel('Reference (optional)').fill('Call 17')
    await button(aida, 'Propose to accept').click()
    await aida.getByText('Proposed. Another person must approve the keys.').waitFor()
    await aida.getByText('Call 17').waitFor()
    expect(await button(aida, 'Approve the new keys…').count()).toBe(0)

    const berik = await at.open('berik')
    await berik.goto('/counterparties/alice')
    await button(berik, 'Approve the new keys…').click()
    await dialog(berik).getByText('This cannot be undone', { exact: false }).waitFor()
    await button(berik, 'Approve the keys').click()
    await berik.getByText('Approved. The new keys are pinned.').waitFor()
    await berik.getByRole('heading', { name: 'Its keys have changed' }).waitFor({ state: 'detached' })
  })

  it('says that it has fallen silent, and that it answers again, without being asked', async () => {
    const page = await at.open('aida')
    await page.goto('/counterparties/alice')
    await page.getByText('Answers', { exact: true }).waitFor()
    const put = (opened: string, next: string) =>
      at.world.bob.database.pool.query(
        `insert into counterparty_circuits (vasp_id, counterparty_id, message_jti, suspected_at, opened_at, next_ping_at)
         values ('bob', 'alice', 'm', now(), ${opened}, ${next})
         on conflict (vasp_id, counterparty_id) do update set opened_at = ${opened}, next_ping_at = ${next}`,
      )
    await put('now()', `now() + interval '15 minutes'`)
    const said = page.getByRole('status').filter({ hasText: 'It does not answer. Silent since' })
    await said.getByText('Next try in', { exact: false }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    const list = await at.open('aida', { viewport: { width: 320, height: 640 } })
    await list.goto('/counterparties')
    await list.getByText('Silent', { exact: true }).waitFor()
    await put('null', 'null')
    await page.getByText('Answers', { exact: true }).waitFor()
    expect(await said.count()).toBe(0)
    await list.getByText('Silent', { exact: true }).waitFor({ state: 'detached' })
  })

  it('takes what it answered, and says at the question which answer is wrong', async () => {
    const page = await at.open('aida')
    await page.goto('/counterparties/alice')
    await button(page, 'Record answers…').click()
    const form = dialog(page)
    await form.getByLabel('Licensed first of all in', { exact: true }).fill('luxembourg')
    await button(page, 'Record').click()
    await form.getByRole('alert').getByText('some answers are not in order', { exact: false }).waitFor()
    await form.getByText('Must be the code of a country, as in LU.').waitFor()
    await form.getByText('Must be answered with yes or no.').first().waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await form.getByLabel('Licensed first of all in', { exact: true }).fill('lu')
    await form.getByText('Luxembourg', { exact: true }).waitFor()
    await form.getByLabel('Supervised there by', { exact: true }).fill('CSSF')
    for (const select of await form.getByRole('combobox').all()) await select.selectOption('no')
    await button(page, 'Record').click()
    await page.getByText('Recorded.').waitFor()
    const due = section(page, 'Due diligence')
    await due.getByText('Form tamga-ddq/1, recorded by', { exact: false }).waitFor()
    // An analyst records; to attest is a senior's.
    expect(await button(page, 'Attest…').count()).toBe(0)
    expect((await at.endTest()).every((said) => said.includes('400'))).toBe(true)
  })

  it('takes an officer’s word with its evidence, whose document stays in the browser', async () => {
    const page = await at.open('berik')
    await page.goto('/counterparties/alice')
    await button(page, 'Attest…').click()
    const form = dialog(page)
    expect(await button(page, 'Attest').isDisabled()).toBe(true)
    await form.getByLabel('Evidence').fill('questionnaire of 3 March, memo 7')
    const bodies: string[] = []
    page.on('request', (request) => bodies.push(request.postData() ?? ''))
    await form
      .getByLabel('Document that was seen (optional)')
      .setInputFiles({ name: 'memo.txt', mimeType: 'text/plain', buffer: Buffer.from('a memo') })
    await form.getByText('SHA-256 ', { exact: false }).waitFor()
    await form.getByLabel('Counts until').fill('2099-01-01')
    await button(page, 'Attest').click()
    await form.getByText('Must be a day from tomorrow on', { exact: false }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await form
      .getByLabel('Counts until')
      .fill(new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 10))
    await button(page, 'Attest').click()
    await page.getByText('Attested. A ping is on its way.').waitFor()
    expect(bodies.join()).not.toContain('a memo')
    const { proofs } = (await at.world.bob.gateway().counterparties.get(call('bob').caller, 'alice'))
      .counterparty
    expect(proofs.find(({ kind }) => kind === 'due_diligence')).toMatchObject({
      source: 'person:berik',
      reference: 'questionnaire of 3 March, memo 7',
      documentSha256: createHash('sha256').update('a memo').digest('hex'),
    })
    expect((await at.endTest()).every((said) => said.includes('400'))).toBe(true)
  })

  it('sets limits and a floor of risk over what was seen, and refuses a stale form', async () => {
    const page = await at.open('berik')
    await page.goto('/counterparties/alice')
    const open = section(page, 'Risk and limits').getByRole('button', { name: 'Change…' })
    await open.click()
    await dialog(page).getByLabel('At most a day').fill('a lot')
    await dialog(page).getByText('A number, as in 1000 or 99.50.').waitFor()
    expect(await button(page, 'Save').isDisabled()).toBe(true)
    await dialog(page).getByLabel('At most a day').fill('1000')
    await dialog(page).getByLabel('Officer’s floor').selectOption('high')
    await button(page, 'Save').click()
    await page.getByText('Saved.').waitFor()
    const terms = section(page, 'Risk and limits')
    await terms.getByText('1,000 EUR a day').waitFor()
    await terms.getByText('Officer’s floor: Yearly review').first().waitFor()

    await open.click()
    const other = await at.console.signedIn('marat')
    const { etag = '' } = await other.get('/api/counterparties/alice')
    const none = { perTransfer: null, perDay: null, riskFloor: null, restricted: false, reason: 'OTHER' }
    await other.send('POST', '/api/counterparties/alice/terms', none, { 'if-match': etag })
    await button(page, 'Save').click()
    await dialog(page).getByText('This has changed since you looked').waitFor()
    expect((await at.endTest()).every((said) => said.includes('412'))).toBe(true)
  })

  it('leaves an overdue task to the MLRO, and tells the others why', async () => {
    await alarm()
    await at.world.bob.database.pool.query(
      `update counterparty_tasks set deadline = now() - interval '1 hour' where state = 'open'`,
    )
    await escalateTasks(at.world.bob.parts(), 'bob')
    const berik = await at.open('berik')
    await berik.goto('/counterparties/alice')
    await berik.getByText('it is overdue, so the MLRO decides', { exact: false }).waitFor()
    expect(await button(berik, 'Decide…').count()).toBe(0)
    const marat = await at.open('marat')
    await marat.goto('/counterparties/alice')
    await button(marat, 'Decide…').click()
    await dialog(marat).getByLabel('Decision').selectOption('REFUSE_KEYS')
    await dialog(marat).getByLabel('Reason').selectOption('NOT_THEIRS')
    await button(marat, 'Refuse the keys').click()
    await marat.getByText('Refused. It stays suspended.').waitFor()
  })

  it.each(['light', 'dark'] as const)('has nothing that axe calls serious (%s)', async (colorScheme) => {
    await alarm()
    const page = await at.open('marat', { colorScheme })
    await page.goto('/counterparties')
    await page.getByRole('region', { name: /decision/ }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.goto('/counterparties/alice')
    await page.getByRole('heading', { name: 'Its keys have changed' }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await section(page, 'Risk and limits').getByRole('button', { name: 'Change…' }).click()
    await dialog(page).waitFor()
    expect(await seriousFindings(page)).toEqual([])
  })

  it.each([
    { width: 320, height: 640 },
    { width: 720, height: 450 },
  ])('needs no sideways scrolling at $width pixels', async (viewport) => {
    await alarm()
    const page = await at.open('marat', { viewport })
    await page.goto('/counterparties/alice')
    await page.getByRole('heading', { name: 'Its keys have changed' }).waitFor()
    const over = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(over).toBe(0)
  })
})
