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

/** Takes control characters out of what came from elsewhere, so that it cannot steer the terminal; line breaks and tabs stay. */
export function printable(text: string): string {
  return [...text].map((character) => (isControl(character.codePointAt(0) ?? 0) ? '\ufffd' : character)).join('');
}

/** The same for a text that carries our colours. */
export function printableColoured(text: string): string {
  return splitColours(text)
    .map((piece, index) => (index % 2 === 1 ? piece : printable(piece)))
    .join('');
}

function isControl(code: number): boolean {
  return (code < 0x20 && code !== 0x09 && code !== 0x0a) || (code >= 0x7f && code <= 0x9f);
}
