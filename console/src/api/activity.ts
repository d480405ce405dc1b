/** Whether somebody sits at the page: requests that it makes by itself must not keep a session alive. */
const RECENT_MS = 10_000

let lastInputAt = Date.now()

for (const event of ['pointerdown', 'keydown', 'wheel'] as const)
  addEventListener(event, () => (lastInputAt = Date.now()), { capture: true, passive: true })

export function isActive(): boolean {
  return Date.now() - lastInputAt < RECENT_MS
}
