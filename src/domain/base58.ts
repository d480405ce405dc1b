/** Base58 with the alphabet of Bitcoin: digits and letters without 0, O, I and l. A leading zero byte is written as a leading 1. */
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const VALUE_OF = new Map(Array.from(ALPHABET, (character, value) => [character, BigInt(value)] as const))

export function encodeBase58(bytes: Uint8Array): string {
  let number = 0n
  for (const byte of bytes) number = number * 256n + BigInt(byte)
  let text = ''
  for (; number > 0n; number /= 58n) text = ALPHABET.charAt(Number(number % 58n)) + text
  return '1'.repeat(leading(bytes, 0)) + text
}

/** Undefined when a character is not of the alphabet. The time grows with the square of the length: bound it before. */
export function decodeBase58(text: string): Uint8Array | undefined {
  let number = 0n
  for (const character of text) {
    const value = VALUE_OF.get(character)
    if (value === undefined) return undefined
    number = number * 58n + value
  }
  const bytes: number[] = []
  for (; number > 0n; number /= 256n) bytes.unshift(Number(number % 256n))
  return Uint8Array.from([...new Uint8Array(leading(text, '1')), ...bytes])
}

function leading<Item>(items: Iterable<Item>, wanted: Item): number {
  let count = 0
  for (const item of items) {
    if (item !== wanted) break
    count += 1
  }
  return count
}
