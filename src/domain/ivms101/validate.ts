/**
 * Stage two of reading: canonical validation. Goes through the structure element by element, judges each value by its
 * datatype, applies the constraints, and builds the canonical payload on the way. It collects every finding; it never stops at
 * the first, because a counterparty that is asked to repair needs the whole list.
 */
import { PAYLOAD_VERSIONS } from './codes.ts'
import { CONSTRAINTS, type Role } from './constraints.ts'
import { COUNTRIES } from './countries.ts'
import { dateOfBirthFinding } from './date.ts'
import { type EditionFinding, foldPayloadVersion } from './edition.ts'
import type { Findings } from './findings.ts'
import { toPlain } from './json.ts'
import { Node, type NodeValue, type Slot } from './node.ts'
import type { IdentityPayload, KeptMember } from './payload.ts'
import type { RegistrationAuthorities } from './registration-authorities.ts'
import type { CodeElement, Edition, Element, ObjectType, PlainElement, TextElement } from './schema.ts'
import { BENEFICIARY, IDENTITY_PAYLOAD, ORIGINATOR, PAYLOAD_METADATA, PERSON } from './structure.ts'
import { characters, localTextFindings, textFindings } from './text.ts'

export interface Surroundings {
  readonly findings: Findings
  readonly edition: EditionFinding
  /** YYYY-MM-DD, UTC. */
  readonly today: string
  readonly authorities: RegistrationAuthorities
  /** One of originator and beneficiary may be missing. */
  readonly partial: boolean
}

export function validate(root: Node, surroundings: Surroundings): IdentityPayload {
  const payload = new Validator(surroundings).build(root, 'other')
  const canonical: unknown = { edition: surroundings.edition.edition, ...payload }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the structure tables and payload.ts say the same thing
  return canonical as IdentityPayload
}

type Built = Record<string, unknown>

class Validator {
  private readonly around: Surroundings
  private readonly edition: Edition

  constructor(around: Surroundings) {
    this.around = around
    this.edition = around.edition.edition
  }

  build(node: Node, role: Role): Built {
    const built: Built = {}
    const kept: KeptMember[] = []
    const { elements } = node.type
    for (let at = 0; at < elements.length; at += 1) {
      const element = elements[at]
      if (element === undefined) continue
      const slot = node.slots[at]
      if (slot === undefined) {
        if (element.list) built[element.name] = []
        if (element.required) this.missing(node, element)
        continue
      }
      this.count(node, element, slot)
      this.element(node, element, slot, built, kept, role)
    }
    CONSTRAINTS.get(node.type)?.(node, this.around.findings, role)
    this.editionOf(node)
    kept.push(...node.kept)
    if (kept.length > 0) built['kept'] = kept
    return built
  }

  private element(
    node: Node,
    element: Element,
    slot: Slot,
    built: Built,
    kept: KeptMember[],
    role: Role,
  ): void {
    const values: unknown[] = []
    for (const [item, value] of slot.values.entries()) {
      const accepted = this.value(node, element, slot.listed ? item : undefined, value, role)
      if (accepted === undefined) {
        kept.push({ key: slot.key ?? element.name, value: toPlain(value instanceof Node ? null : value) })
      } else values.push(accepted)
    }
    if (element.list) built[element.name] = values
    else if (values.length > 0) built[element.name] = values[0]
  }

  private count(node: Node, element: Element, slot: Slot): void {
    const items = slot.values.length
    if (items === 0 && element.required) this.missing(node, element)
    const most = element.bare && this.edition === '2023' ? 1 : element.itemsMax
    if (most !== undefined && items > most) {
      this.find('MULT', node, element, undefined, `(${items}, at most ${most})`)
    }
  }

  private missing(node: Node, element: Element): void {
    const half = node.type === IDENTITY_PAYLOAD && this.around.partial && this.hasOtherHalf(node, element)
    this.find(half ? 'PARTIAL' : 'REQUIRED', node, element)
  }

  private hasOtherHalf(root: Node, element: Element): boolean {
    return root.slot(element.name === 'originator' ? 'beneficiary' : 'originator') !== undefined
  }

  /** The canonical value, or undefined where it has the wrong JSON type. */
  private value(
    node: Node,
    element: Element,
    item: number | undefined,
    value: NodeValue,
    role: Role,
  ): unknown {
    if (element.kind === 'object') {
      if (value instanceof Node) return this.build(value, roleIn(element.type, role))
      return this.find('TYPE', node, element, item, '(an object is meant)')
    }
    if (element.kind === 'sequence') return this.sequence(node, element, item, value)
    if (typeof value !== 'string') {
      const code =
        element.kind === 'code' && typeof value === 'number' && Number.isInteger(value) ? 'CODE' : 'TYPE'
      return this.find(code, node, element, item)
    }
    return this.judged(node, element, item, value)
  }

  private judged(
    node: Node,
    element: TextElement | CodeElement | PlainElement,
    item: number | undefined,
    value: string,
  ): string {
    switch (element.kind) {
      case 'text':
      case 'local':
        this.text(node, element, item, value)
        return value
      case 'code':
        if (!element.codes.codes.has(value)) this.find('CODE', node, element, item, `(${element.codes.name})`)
        return value
      case 'country':
        return this.country(node, element, item, value)
      case 'date': {
        const code = dateOfBirthFinding(value, this.around.today)
        if (code !== undefined) this.find(code, node, element, item)
        return value
      }
      case 'authority':
        this.authority(node, element, item, value)
        return value
      case 'version':
        return this.version(node, element, item, value)
      case 'sequence':
        break
    }
    return value
  }

  private text(node: Node, element: TextElement, item: number | undefined, value: string): void {
    const max = element.max[this.edition]
    const codes =
      element.kind === 'local'
        ? localTextFindings(value, max)
        : textFindings(value, max, this.edition === '2020')
    for (const code of codes) {
      const detail = code === 'LEN_MAX' ? `(${characters(value)} characters, at most ${max})` : ''
      this.find(code, node, element, item, detail)
    }
  }

  /** Values are case-insensitive unless the standard says otherwise, and its expression for countries says upper-case. */
  private country(node: Node, element: Element, item: number | undefined, value: string): string {
    if (COUNTRIES.has(value)) return value
    const upper = /^[a-zA-Z]{2}$/.test(value) ? value.toUpperCase() : value
    const known = COUNTRIES.has(upper)
    this.find(known ? 'COUNTRY_CASE' : 'C3', node, element, item)
    return known ? upper : value
  }

  private authority(node: Node, element: Element, item: number | undefined, value: string): void {
    const { authorities } = this.around
    if (!/^RA[0-9]{6}$/.test(value)) this.find('RA_FORMAT', node, element, item)
    else if (!authorities.codes.has(value)) {
      this.find('C10', node, element, item, `(GLEIF, ${authorities.date})`)
    }
  }

  /** Whole and not negative, at most 18 digits. */
  private sequence(node: Node, element: Element, item: number | undefined, value: NodeValue): unknown {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 1e18) {
      return value === 0 ? 0 : value
    }
    return this.find('TYPE', node, element, item, '(a whole number from 0 is meant)')
  }

  private version(node: Node, element: Element, item: number | undefined, value: string): string {
    const folded = foldPayloadVersion(value)
    if (!PAYLOAD_VERSIONS.has(folded)) {
      this.find('CODE', node, element, item, '(PayloadVersionCode)')
      return value
    }
    if (folded !== value) this.find('PAYLOAD_VERSION_SPELLING', node, element, item)
    return folded
  }

  /** What is only wrong in one of the editions. */
  private editionOf(node: Node): void {
    const { type } = node
    const { edition } = this
    const { declared, named } = this.around.edition
    if (type === PERSON && edition === '2020' && hasItems(node.slot('accountNumber'))) {
      this.around.findings.add('ACCOUNT_PLACEMENT', node, 'accountNumber')
    }
    if (
      (type === ORIGINATOR || type === BENEFICIARY) &&
      edition === '2023' &&
      hasItems(node.slot('accountNumber'))
    ) {
      this.around.findings.add('ACCOUNT_PLACEMENT', node, 'accountNumber')
    }
    if (type === IDENTITY_PAYLOAD && edition === '2023' && node.slot('payloadMetadata') === undefined) {
      this.around.findings.add('PAYLOAD_VERSION_MISSING', node, 'payloadMetadata')
    }
    if (type !== PAYLOAD_METADATA) return
    const given = node.slot('payloadVersion') !== undefined
    const add = (code: `PAYLOAD_VERSION_${'MISSING' | 'MISMATCH' | 'IN_2020'}`) =>
      this.around.findings.add(code, node, 'payloadVersion')
    if (edition === '2023' && !given) add('PAYLOAD_VERSION_MISSING')
    if (declared !== undefined && named !== undefined && declared !== named) add('PAYLOAD_VERSION_MISMATCH')
    else if (edition === '2020' && given) add('PAYLOAD_VERSION_IN_2020')
  }

  private find(
    code: Parameters<Findings['add']>[0],
    node: Node,
    element: Element,
    item?: number,
    detail?: string,
  ): undefined {
    this.around.findings.add(code, node, element.name, item, detail)
  }
}

function roleIn(type: ObjectType, role: Role): Role {
  return type === ORIGINATOR ? 'originator' : role
}

function hasItems(slot: Slot | undefined): boolean {
  return (slot?.values.length ?? 0) > 0
}
