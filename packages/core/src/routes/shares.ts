import { inputError, type UserError } from '../errors/user-error.js';

/** A version by the name that its users know, and its part of the requests in percent. */
export interface Share {
  readonly version: string;
  readonly weight: number;
}

const FORM = /^([a-zA-Z0-9](?:[-_.a-zA-Z0-9]*[a-zA-Z0-9])?)=(\d{1,3})$/;
const EXAMPLES = ['For example: v1=90 v2=10, or v2=100'];

/**
 * Reads `v1=90 v2=10`: whole percentages, each version once, 100 in all. Zero is allowed, and means none.
 * Throws an input error of code `shares-invalid`.
 */
export function parseShares(texts: readonly string[]): readonly Share[] {
  if (texts.length === 0) throw invalid('VERSION=PERCENT at least once', 'nothing');
  const shares = texts.map(parseShare);
  const twice = shares.find(({ version }, index) => shares.findIndex((other) => other.version === version) < index);
  if (twice !== undefined) throw invalid('each version once', `${twice.version} twice`);
  const sum = shares.reduce((total, { weight }) => total + weight, 0);
  if (sum === 100) return shares;
  const meant = shares.map(({ version, weight }) => ({ version, weight: (100 * weight) / sum }));
  const whole = sum > 0 && meant.every(({ weight }) => Number.isInteger(weight));
  throw invalid('percentages that sum to 100', `${texts.join(' ')}, which sums to ${sum}`, [
    ...(whole ? [`Did you mean ${describeShares(meant, '=')}?`] : []),
    ...EXAMPLES,
  ]);
}

/** `v1 90 %, v2 10 %`, or with `=` as it is typed: `v1=90 v2=10`. */
export function describeShares(shares: readonly Share[], form: 'words' | '=' = 'words'): string {
  if (form === '=') return shares.map(({ version, weight }) => `${version}=${weight}`).join(' ');
  return shares.map(({ version, weight }) => `${version} ${weight} %`).join(', ');
}

function parseShare(text: string): Share {
  const [, version, weight] = FORM.exec(text.replace(/%$/, '')) ?? [];
  if (version === undefined || weight === undefined)
    throw invalid('VERSION=PERCENT, a whole number of percent', text === '' ? 'nothing' : text);
  return { version, weight: Number(weight) };
}

function invalid(expected: string, received: string, next: readonly string[] = EXAMPLES): UserError {
  return inputError('shares-invalid', { path: 'VERSION=PERCENT', expected, received }, next);
}
