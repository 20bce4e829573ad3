import { refuse } from '@heddle/core';

/** A rule that sends to other services too is nobody's to divide anew. */
export const refuseShared = (where: string): ReturnType<typeof refuse> =>
  refuse('shared-rule', `${where} sends to other services too, and a split would take their share`, 'change that rule itself');
