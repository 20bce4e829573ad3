import { randomBytes } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const TIME_DIGITS = 8;
const RANDOM_DIGITS = 4;
/** Below this, base 36 of the time does not start with a letter (1994); above the upper one it has a ninth digit (2059). */
const FIRST = 10 * 36 ** (TIME_DIGITS - 1);
const LAST = 36 ** TIME_DIGITS - 1;

/**
 * An id that sorts by the API server's time: 8 digits of base 36 for the milliseconds, then 4 random ones.
 * Lower-case letters and digits, starts with a letter. Servers tell whole seconds, so ids of one second are ordered by chance, but alike for everybody.
 */
export function sessionId(serverTime: number, random: (bytes: number) => Uint8Array = randomBytes): string {
  const time = Math.min(LAST, Math.max(FIRST, Math.floor(serverTime)));
  const tail = [...random(RANDOM_DIGITS)].map((byte) => ALPHABET[byte % ALPHABET.length] ?? 'a').join('');
  return time.toString(36).padStart(TIME_DIGITS, '0') + tail;
}

export function isSessionId(text: string): boolean {
  return /^[a-z][a-z0-9]{0,11}$/.test(text);
}
