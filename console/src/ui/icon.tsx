/** Line icons of 16 units, drawn for this console. Decorative: the text beside them says it all. */
const PATHS = {
  queue: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  transfer: 'M2.5 5.5h10M10 3l2.5 2.5L10 8M13.5 10.5h-10M6 8l-2.5 2.5L6 13',
  building: 'M3 13.5V4l5-2 5 2v9.5M1.8 13.5h12.4M6 6.5h.01M10 6.5h.01M6 9.5h.01M10 9.5h.01',
  chart: 'M2.5 13.5h11M4.5 11V7.5M8 11V3.5M11.5 11V6',
  audit: 'M4 2.5h5.5l3 3v8H4zM9.5 2.5v3h3M6.2 8.5h4M6.2 11h4',
  policy: 'M8 1.8l5 2v4c0 3.2-2.1 5.4-5 6.4-2.9-1-5-3.2-5-6.4v-4zM5.8 8l1.6 1.6 2.9-3.2',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.6',
  alert: 'M8 2.2 14.2 13H1.8zM8 6.2v3.2M8 11.3h.01',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  cross: 'M4 4l8 8M12 4l-8 8',
  stop: 'M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4zM5.5 8h5',
  hold: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.3 6v4M9.7 6v4',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z',
  eyeOff:
    'M2 2l12 12M6.4 6.5a2 2 0 0 0 2.9 2.8M4.2 4.6C2.4 5.9 1.5 8 1.5 8S4 12.5 8 12.5c1.2 0 2.2-.4 3.1-.9M7 3.6c4.6-.5 7.5 4.4 7.5 4.4s-.5.9-1.5 2',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3 14 14',
  people:
    'M6 7.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6zM1.8 13.2c.3-2.4 1.9-3.9 4.2-3.9s3.9 1.5 4.2 3.9M10.5 3.2a2.3 2.3 0 0 1 0 4.2M11.8 9.7c1.4.5 2.2 1.7 2.4 3.5',
  person: 'M8 7.5a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2zM3 13.7c.3-2.7 2.3-4.2 5-4.2s4.7 1.5 5 4.2',
  down: 'M4 6l4 4 4-4',
  right: 'M6 4l4 4-4 4',
  out: 'M4.5 11.5l7-7M6 4.5h5.5V10',
  in: 'M11.5 4.5l-7 7M10 11.5H4.5V6',
  download: 'M8 2.5v7.5M4.8 7.2 8 10.3l3.2-3.1M2.5 13.5h11',
  copy: 'M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1',
  seal: 'M4 6a4 4 0 0 1 8 0M8 6v7.5M5.2 10.2a2.8 2.8 0 0 0 5.6 0',
  key: 'M5.5 12.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM7.7 7.3 13 2M10.5 4.5l2 2',
  note: 'M3 3h10v7.5H8.5L5.5 13v-2.5H3z',
  flag: 'M3.5 14V2.5h8.5l-2 3 2 3H3.5',
  menu: 'M2 4.5h12M2 8h12M2 11.5h12',
  sun: 'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  keyboard: 'M1.5 4h13v8.5h-13zM4 6.5h.01M6.7 6.5h.01M9.3 6.5h.01M12 6.5h.01M5 10h6',
  link: 'M6.5 9.5l3-3M7.3 4.7l1.4-1.4a2.8 2.8 0 0 1 4 4l-1.4 1.4M8.7 11.3l-1.4 1.4a2.8 2.8 0 0 1-4-4l1.4-1.4',
  plus: 'M8 3v10M3 8h10',
  wifiOff: 'M2 2l12 12M8 13h.01M5.3 10a4 4 0 0 1 4.3-.8M2.8 7.3a8 8 0 0 1 3-1.7M8.5 5a8 8 0 0 1 4.7 2.3',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
