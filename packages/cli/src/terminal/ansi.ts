/** Patterns for colour sequences, built from a string so that no control character stands in a pattern. */
const ESCAPE = String.fromCharCode(27);
const COLOUR = `${ESCAPE}\\[[0-9;]*m`;

export function stripColours(text: string): string {
  return text.replace(new RegExp(COLOUR, 'g'), '');
}

/** The text in pieces: colour sequences at odd places, what stands between them at even ones. */
export function splitColours(text: string): readonly string[] {
  return text.split(new RegExp(`(${COLOUR})`));
}

/** C0 and C1 but for tab and line feed, and DEL. */
const CONTROL = new RegExp(`[${chars(0x00, 0x08)}${chars(0x0b, 0x1f)}${chars(0x7f, 0x9f)}]`, 'g');

/** Takes control characters out of what came from elsewhere, so that it cannot steer the terminal; line breaks and tabs stay. */
export function printable(text: string): string {
  return text.replace(CONTROL, '\ufffd');
}

/** The same for a text that carries our colours. */
export function printableColoured(text: string): string {
  return splitColours(text)
    .map((piece, index) => (index % 2 === 1 ? piece : printable(piece)))
    .join('');
}

function chars(first: number, last: number): string {
  return `${String.fromCharCode(first)}-${String.fromCharCode(last)}`;
}
