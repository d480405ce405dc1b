/**
 * Text of one line that is shown to people: no control characters, no line or paragraph separators, nothing that turns the direction of
 * reading. What goes to another VASP is held to it at the door, because it is refused at the other end.
 */
export const ONE_LINE = /^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u
