/** Domains in what people write into a register's website columns. */
import { hostKindOf, isHostName } from '../domain/host-name.ts'

/** Several addresses may stand in one field, with or without scheme, `www.` and path; what is none is left out. */
export function domainsIn(...fields: readonly string[]): readonly string[] {
  const hosts = fields
    .flatMap((field) => field.split(/[\s|,;]+/))
    .map((text) => text.replace(/^[a-z]+:\/\//i, '').replace(/[/?#:].*$/, ''))
    .map((host) =>
      host
        .toLowerCase()
        .replace(/^www\./, '')
        .replace(/\.$/, ''),
    )
  return [...new Set(hosts.filter((host) => isHostName(host) && hostKindOf(host) === 'domain'))]
}
