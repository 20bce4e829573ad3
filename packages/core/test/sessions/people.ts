import type { Identity } from '@heddle/core';

export function person(user: string, pid = 100, host = `${user}-laptop`): Identity {
  return { user, host, pid, startTime: `${user}-${pid}-start`, bootId: `${host}-boot` };
}

/** Nobody is known to be gone, as on another machine. */
export const cannotTell = (): undefined => undefined;
