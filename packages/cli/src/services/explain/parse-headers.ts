import { inputError } from '@heddle/core';

/** `name: value` as curl's -H has it, the white space around the value left out. Throws `bad-request`. */
export function parseHeaders(lines: readonly string[]): readonly (readonly [name: string, value: string])[] {
  return lines.map((line) => {
    const colon = line.indexOf(':');
    if (colon > 0) return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    throw inputError('bad-request', { path: '-H', expected: "'name: value'", received: JSON.stringify(line) }, [
      "Example: -H 'end-user: jason'",
    ]);
  });
}
