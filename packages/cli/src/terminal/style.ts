import { stripColours } from './ansi.js';

/** Colours for one stream; each function returns its text unchanged where colour is off. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** NO_COLOR wins over FORCE_COLOR; else colour is for terminals other than `dumb`. */
export function wantsColour(isTTY: boolean, env: EnvironmentVariables): boolean {
  if ((env.NO_COLOR ?? '') !== '') return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTTY && env.TERM !== 'dumb';
}

export function styleFor(colour: boolean): Style {
  const paint = (open: number, close: number) => (text: string) =>
    colour && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { bold: paint(1, 22), dim: paint(2, 22), red: paint(31, 39), green: paint(32, 39), yellow: paint(33, 39), cyan: paint(36, 39) };
}

/** Whether a program may redraw lines and ask questions there. */
export function isInteractive(isTTY: boolean, env: EnvironmentVariables): boolean {
  const ci = env.CI ?? '';
  return isTTY && env.TERM !== 'dumb' && (ci === '' || ci === '0' || ci === 'false');
}

/** How many columns a text takes, colours not counted; wide characters (CJK, emoji) count two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of stripColours(text)) width += isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
  return width;
}

function isWide(code: number): boolean {
  return (
    code >= 0x1100 &&
    (code <= 0x115f ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6f) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0x1f300 && code <= 0x1faff))
  );
}
