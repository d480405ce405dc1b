import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tamga-config-'))
  writeFileSync(join(directory, 'file'), 'postgresql://127.0.0.1/x')
})
afterAll(() => rmSync(directory, { recursive: true }))

function load(mode: 'production' | 'sandbox', more: Record<string, string>) {
  const file = join(directory, 'file')
  return loadConfig({
    TAMGA_MODE: mode,
    TAMGA_DATABASE_URL_FILE: file,
    TAMGA_VASPS_FILE: file,
    TAMGA_KEYS_DIRECTORY: directory,
    TAMGA_TRUST_DOMAIN: 'x.example',
    TAMGA_GRPC_CERT_FILE: file,
    TAMGA_GRPC_KEY_FILE: file,
    TAMGA_GRPC_CA_FILE: file,
    TAMGA_NATS_CA_FILE: file,
    TAMGA_NATS_SERVERS: 'tls://nats:4222',
    TAMGA_CONSOLE_LISTEN: '0.0.0.0:7200',
    TAMGA_CONSOLE_ORIGIN: 'https://console.example',
    TAMGA_CONSOLE_CERT_FILE: file,
    TAMGA_CONSOLE_KEY_FILE: file,
    ...more,
  })
}

const ISSUER = { TAMGA_OIDC_ISSUER: 'https://id.example', TAMGA_OIDC_AUDIENCE: 'tamga' }
const CLIENT = { TAMGA_CONSOLE_OIDC_CLIENT_ID: 'tamga-console' }
const SECRET = { TAMGA_CONSOLE_OIDC_CLIENT_SECRET_FILE: '/run/secrets/console-client' }

describe('signing in to the console by a provider', () => {
  it('needs a client of it, and asks for name and roles as configured', () => {
    expect(load('production', {}).console).not.toHaveProperty('oidc')
    expect(load('production', ISSUER).console).not.toHaveProperty('oidc')
    const scopes = { TAMGA_CONSOLE_OIDC_SCOPES: 'openid profile groups' }
    expect(load('production', { ...ISSUER, ...CLIENT, ...SECRET, ...scopes }).console?.oidc).toEqual({
      clientId: 'tamga-console',
      clientSecretFile: '/run/secrets/console-client',
      scopes: 'openid profile groups',
      sessionSeconds: 3_600,
    })
  })

  it.each([
    ['a client of no provider', { ...CLIENT, ...SECRET }, 'needs TAMGA_OIDC_ISSUER'],
    [
      'nobody who could sign in to the console',
      { ...ISSUER, TAMGA_CONSOLE_LOCAL_SIGN_IN: 'off' },
      'nobody could sign in',
    ],
    ['a secret of no client', { ...ISSUER, ...SECRET }, 'without TAMGA_CONSOLE_OIDC_CLIENT_ID'],
    ['a client without a secret in production', { ...ISSUER, ...CLIENT }, 'must be set in production'],
    [
      'a provider over plain HTTP in production',
      { ...ISSUER, ...CLIENT, ...SECRET, TAMGA_OIDC_ISSUER: 'http://id.example' },
      'must be https://',
    ],
    [
      'scopes without openid',
      { ...ISSUER, ...CLIENT, ...SECRET, TAMGA_CONSOLE_OIDC_SCOPES: 'profile' },
      'begins with openid',
    ],
  ])('does not start with %s', (_, given, told) => {
    expect(() => load('production', given)).toThrow(told)
  })

  it('may do without a secret in a sandbox', () => {
    expect(load('sandbox', { ...ISSUER, ...CLIENT }).console?.oidc).toEqual({
      clientId: 'tamga-console',
      scopes: 'openid profile',
      sessionSeconds: 3_600,
    })
  })

  it('lets in by password too, unless told otherwise', () => {
    const given = { ...ISSUER, ...CLIENT, ...SECRET }
    expect(load('production', given).console?.hasLocalSignIn).toBe(true)
    const off = { ...given, TAMGA_CONSOLE_LOCAL_SIGN_IN: 'off' }
    expect(load('production', off).console?.hasLocalSignIn).toBe(false)
  })

  it('asks nothing of how people signed in there, unless told', () => {
    const given = { ...ISSUER, ...CLIENT, ...SECRET }
    expect(load('production', given).oidc).not.toHaveProperty('acr')
    const asked = { TAMGA_OIDC_ACR: 'urn:house:mfa,https://id.example/key', TAMGA_OIDC_AMR: 'mfa' }
    expect(load('production', { ...given, ...asked }).oidc).toMatchObject({
      acr: ['urn:house:mfa', 'https://id.example/key'],
      amr: ['mfa'],
    })
    expect(() => load('production', { ...given, TAMGA_OIDC_AMR: 'mfa,' })).toThrow('TAMGA_OIDC_AMR')
  })
})
