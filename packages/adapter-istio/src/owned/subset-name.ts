const PREFIX = 'heddle-';

/** The subset that a session's shadow is, in a DestinationRule of our own. Ids of sessions are fit to be part of a DNS label. */
export const subsetName = (session: string): string => `${PREFIX}${session}`;

/** The session's id; `undefined` for names that are not of our form. */
export function sessionOfSubset(name: unknown): string | undefined {
  return typeof name === 'string' && /^heddle-[a-z0-9]+$/.test(name) ? name.slice(PREFIX.length) : undefined;
}
