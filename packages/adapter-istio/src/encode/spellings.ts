/** Enough for any table seen; a header with more conditions than this is refused. */
const MOST = 32;

/** A header name in lower case, then with ever more letters in upper case: distinct map keys for one header. */
export function spellings(name: string): readonly string[] {
  const letters = [...name].flatMap((letter, index) => (letter.toUpperCase() === letter ? [] : [index]));
  const count = Math.min(2 ** Math.min(letters.length, 10), MOST);
  return Array.from({ length: count }, (_, bits) =>
    [...name].map((letter, index) => (isSet(bits, letters.indexOf(index)) ? letter.toUpperCase() : letter)).join(''),
  );
}

const isSet = (bits: number, position: number): boolean => position >= 0 && position < 10 && (bits & (1 << position)) !== 0;
