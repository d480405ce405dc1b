/** Collects what validation finds, and writes it out once the sender's style and the profile are known. */
import { type IssueCode, type Ivms101Issue, issueKind, type Severity } from './issues.ts'
import { segment } from './json.ts'
import { canonicalStep, type Node } from './node.ts'
import type { Normalised } from './normalise.ts'
import type { Profile } from './profiles.ts'
import type { Edition, Element } from './schema.ts'

/** Where a finding is: a node, one of its elements, or one item of an element's list. */
interface Spot {
  readonly node: Node
  readonly element?: string | undefined
  readonly item?: number | undefined
  /** A member that stands for no element, or for one that is taken. */
  readonly member?: string | undefined
}

interface Finding extends Spot {
  readonly code: IssueCode
  readonly detail: string
}

export class Findings {
  private readonly found: Finding[] = []

  add(code: IssueCode, node: Node, element?: string, item?: number, detail = ''): void {
    this.found.push({ code, node, element, item, detail })
  }

  addMember(code: IssueCode, node: Node, member: string): void {
    this.found.push({ code, node, member, detail: '' })
  }

  issues(profile: Profile, edition: Edition, style: Normalised['style']): Ivms101Issue[] {
    return this.found.map((finding) => {
      const { code, node, detail } = finding
      const at = node.type.elements.find((element) => element.name === finding.element)
      const { clause, message } = issueKind(code)
      return {
        code,
        path: pathOf(finding, at, edition, style),
        element: elementOf(finding, at),
        severity: severityOf(code, `${code} ${node.type.name}.${finding.element ?? ''}`, profile),
        clause: clause ?? node.type.clause,
        message: detail === '' ? message : `${message} ${detail}`,
      }
    })
  }
}

export function severityOf(code: IssueCode, place: string, profile: Profile): Severity {
  if (profile.tolerated.has(place)) return 'warning'
  const { severity, strict } = issueKind(code)
  return profile.strict === undefined ? severity : (strict ?? severity)
}

function pathOf(
  { node, item, member }: Spot,
  at: Element | undefined,
  edition: Edition,
  style: Normalised['style'],
): string {
  const path = node.pointer()
  if (member !== undefined) return path + segment(member)
  if (at === undefined) return path
  const slot = node.slots[node.type.elements.indexOf(at)]
  if (slot === undefined) return path + segment(nameOf(at, edition, style))
  const own = slot.key === undefined ? path : path + segment(slot.key)
  return slot.listed && item !== undefined ? own + segment(slot.positions?.[item] ?? item) : own
}

/** What the sender would have called an element that is missing. */
function nameOf(element: Element, edition: Edition, style: Normalised['style']): string {
  const [camel = element.name] = element.spelling[edition]
  if (style === 'snake') return element.snake
  const isEntity = element.kind === 'object' && element.type.clause.startsWith('6')
  return style === 'pascal' && isEntity ? camel.charAt(0).toUpperCase() + camel.slice(1) : camel
}

function elementOf({ node, item }: Spot, at: Element | undefined): string {
  return at === undefined ? node.canonical() : canonicalStep(node, at, item ?? -1)
}
