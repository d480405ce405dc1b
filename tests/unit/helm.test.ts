/**
 * The Helm chart. What can be read without helm is judged always; with it (HELM_BIN, or on the PATH) the chart is rendered with each file
 * of its `ci`, and what comes out is judged: no other test has a cluster.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'
import packageJson from '../../package.json' with { type: 'json' }
import { describeConfig, loadConfig } from '../../src/config.ts'

const CHART = join(import.meta.dirname, '../../deploy/helm/tamga')
const read = (path: string) => readFileSync(join(CHART, path), 'utf8')
const templates = readdirSync(join(CHART, 'templates')).map((name) => read(`templates/${name}`))
const cases = readdirSync(join(CHART, 'ci'))
const helm = [
  process.env['HELM_BIN'],
  ...(process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'helm')),
].find((path) => path !== undefined && existsSync(path))

describe('the chart as it is written', () => {
  it('is of the version that it deploys', () => {
    expect(parse(read('Chart.yaml'))).toMatchObject({
      version: packageJson.version,
      appVersion: packageJson.version,
    })
  })

  it('sets nothing that is no setting', () => {
    const known = new Set(describeConfig({}).map(({ name }) => name))
    const named = [...templates, read('values.yaml'), ...cases.map((name) => read(`ci/${name}`))]
      .join('\n')
      // Comments tell of what Kubernetes itself would set.
      .replace(/^\s*#.*$/gm, '')
      .match(/\bTAMGA_[A-Z0-9_]+/g)
    expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([])
  })

  it('makes no secret', () => {
    expect(templates.join('\n')).not.toMatch(/kind: Secret\b|stringData/)
  })
})

const Container = z.object({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()),
  env: z.array(z.object({ name: z.string(), value: z.string() })),
  volumeMounts: z.array(
    z.object({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }),
  ),
  securityContext: z.unknown(),
  lifecycle: z.object({ preStop: z.object({ exec: z.object({ command: z.array(z.string()) }) }) }).optional(),
  livenessProbe: z.object({ httpGet: z.object({ path: z.string() }) }).optional(),
  readinessProbe: z.object({ httpGet: z.object({ path: z.string() }) }).optional(),
})
const Pod = z.object({
  serviceAccountName: z.string().optional(),
  automountServiceAccountToken: z.boolean(),
  enableServiceLinks: z.boolean(),
  terminationGracePeriodSeconds: z.int().optional(),
  topologySpreadConstraints: z.array(z.unknown()).optional(),
  securityContext: z.looseObject({}),
  containers: z.array(Container),
  volumes: z.array(z.looseObject({ name: z.string() })),
})
const Manifest = z.looseObject({
  kind: z.string(),
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.looseObject({ template: z.looseObject({ spec: Pod }).optional() }).optional(),
  data: z.record(z.string(), z.string()).optional(),
})
type Manifest = z.infer<typeof Manifest>

function render(values: string, ...more: string[]): Manifest[] {
  const text = execFileSync(
    helm ?? '',
    ['template', 'tamga', CHART, '--kube-version', '1.34.0', '-f', join(CHART, 'ci', values), ...more],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  )
  // Helm reads YAML 1.1.
  return parseAllDocuments(text, { version: '1.1' }).map((document) => Manifest.parse(document.toJS()))
}

const podOf = (manifest: Manifest | undefined) => {
  const pod = manifest?.spec?.template?.spec
  if (pod === undefined) throw new Error('no pod')
  return pod
}
const one = (manifests: readonly Manifest[], kind: string) =>
  manifests.find((manifest) => manifest.kind === kind)

describe.skipIf(helm === undefined)(
  `the chart rendered by ${helm ?? 'helm, which is not here: set HELM_BIN'}`,
  () => {
    it.each(cases)(
      'of %s runs nobody as root, writes nowhere else, and asks Kubernetes for nothing',
      (values) => {
        for (const manifest of render(values).filter(({ spec }) => spec?.template !== undefined)) {
          const pod = podOf(manifest)
          expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false })
          expect(pod.securityContext).toEqual({
            runAsNonRoot: true,
            runAsUser: 1000,
            runAsGroup: 1000,
            seccompProfile: { type: 'RuntimeDefault' },
          })
          for (const container of pod.containers) {
            expect(container.securityContext).toEqual({
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            })
            const writable = container.volumeMounts.filter(({ readOnly }) => readOnly !== true)
            expect(writable.map(({ mountPath }) => mountPath).filter((path) => path !== '/tmp')).toEqual(
              manifest.kind === 'Job' ? [] : ['/var/lib/tamga'],
            )
          }
        }
      },
    )

    it.each(cases)('of %s starts in production mode, from files that are mounted', (values) => {
      for (const { kind, spec } of render(values)) {
        const pod = spec?.template?.spec
        for (const { env, volumeMounts } of pod?.containers ?? []) {
          const directory = mkdtempSync(join(tmpdir(), 'tamga-helm-'))
          writeFileSync(join(directory, 'database_url'), 'postgres://x')
          const settings = env.map(({ name, value }) => [
            name,
            value.replace('/run/secrets/tamga', directory),
          ])
          expect(loadConfig(Object.fromEntries(settings))).toMatchObject({ mode: 'production' })
          rmSync(directory, { recursive: true })
          const files = env.filter(({ name }) => /_(FILE|DIRECTORY)$/.test(name)).map(({ value }) => value)
          const mounted = volumeMounts.map(({ mountPath }) => mountPath)
          if (kind === 'Deployment')
            expect(files.filter((file) => !mounted.some((path) => file.startsWith(path)))).toEqual([])
          const projected = new Set(projectedIn(pod))
          const secret = files.flatMap((file) => file.split('/run/secrets/tamga/')[1] ?? [])
          if (kind === 'Deployment') expect(secret.filter((path) => !projected.has(path))).toEqual([])
          else expect([...projected]).toEqual(['database_url'])
        }
      }
    })

    it('keeps a replica long enough for what is under way, and two of them apart', () => {
      for (const values of cases) {
        const pod = podOf(one(render(values), 'Deployment'))
        const [gateway] = pod.containers
        const leave = Number(gateway?.lifecycle?.preStop.exec.command[1] ?? 0)
        // docs/operations.md: 45 s from SIGTERM on.
        expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(leave + 45)
        expect(pod.topologySpreadConstraints).toHaveLength(2)
        expect([gateway?.livenessProbe?.httpGet.path, gateway?.readinessProbe?.httpGet.path]).toEqual([
          '/livez',
          '/readyz',
        ])
      }
      const [least, full] = [render('least.yaml'), render('full.yaml')]
      expect(one(least, 'Deployment')?.spec).toMatchObject({ replicas: 2 })
      expect(one(least, 'PodDisruptionBudget')?.spec).toMatchObject({ maxUnavailable: 1 })
      expect(one(full, 'Deployment')?.spec).not.toHaveProperty('replicas')
      expect(one(full, 'HorizontalPodAutoscaler')?.spec).toMatchObject({ minReplicas: 3, maxReplicas: 9 })
    })

    it('migrates before anything else, with the owner’s connection, and needs nothing else of the release', () => {
      const full = render('full.yaml')
      const job = one(full, 'Job')
      expect(job?.metadata.annotations?.['helm.sh/hook']).toBe('pre-install,pre-upgrade')
      expect(podOf(job).containers.map(({ args }) => args)).toEqual([['migrate']])
      expect(JSON.stringify(podOf(job).volumes)).toContain('"key":"owner-url"')
      expect(JSON.stringify(podOf(one(full, 'Deployment')).volumes)).toContain('"key":"gateway-url"')
      expect(podOf(job).serviceAccountName).toBeUndefined()
      expect(one(render('single.yaml'), 'Job')).toBeUndefined()
    })

    it('admits nobody to the network who was not named', () => {
      const policies = (values: string) => render(values).filter(({ kind }) => kind === 'NetworkPolicy')
      const Rule = z.object({
        from: z.array(z.unknown()).min(1),
        ports: z.array(z.object({ port: z.string() })),
      })
      const ingress = ({ spec }: Manifest) => z.array(Rule).parse(spec?.['ingress'])
      const ports = (values: string) =>
        policies(values).map((policy) =>
          ingress(policy).flatMap((rule) => rule.ports.map(({ port }) => port)),
        )
      expect(ports('least.yaml')).toEqual([[], []])
      expect(ports('full.yaml')).toEqual([['grpc', 'http', 'metrics', 'console'], []])
      expect(policies('single.yaml')).toEqual([])
    })

    it('gives the VASPs as the gateway reads them', () => {
      const list: unknown = JSON.parse(one(render('least.yaml'), 'ConfigMap')?.data?.['vasps.json'] ?? '')
      expect(list).toMatchObject([{ id: 'alice', nats: { user: 'alice' } }])
    })

    it.each([
      [
        'keys that replicas cannot share',
        ['keys.existingClaim=', 'keys.create=true', 'keys.accessModes={ReadWriteOnce}'],
        'ReadWriteMany',
      ],
      ['a setting of its own given twice', ['settings.TAMGA_MODE=sandbox'], 'settings.TAMGA_MODE'],
      ['NATS without TLS', ['nats.servers={nats://nats:4222}'], '/nats/servers/0'],
      ['an end before calls are done', ['termination.graceSeconds=46'], 'graceSeconds'],
      [
        'a console without a certificate',
        ['console.enabled=true', 'console.origin=https://c.example'],
        'secrets.console',
      ],
      ['a network policy that reaches no database', ['networkPolicy.database.peers=null'], 'database.peers'],
      ['no image', ['image.repository='], '/image/repository'],
      ['a value that there is not', ['replica=3'], "'replica' not allowed"],
    ])('refuses %s', (_, sets, why) => {
      expect(() => render('least.yaml', ...sets.flatMap((set) => ['--set', set]))).toThrow(why)
    })
  },
)

function projectedIn(pod: z.infer<typeof Pod> | undefined): string[] {
  const Volume = z.object({
    projected: z.object({
      sources: z.array(z.object({ secret: z.object({ items: z.array(z.object({ path: z.string() })) }) })),
    }),
  })
  const volume = pod?.volumes.find(({ name }) => name === 'secrets')
  return Volume.parse(volume).projected.sources.flatMap(({ secret }) => secret.items.map(({ path }) => path))
}
