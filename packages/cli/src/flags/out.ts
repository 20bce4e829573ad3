import { Flags } from '@oclif/core';

/** Objects in files instead of one stream. */
export const outFlags = {
  out: Flags.string({
    summary: 'Write a file for each object into this folder, instead of all of them to standard output.',
    helpValue: 'FOLDER',
    env: 'HEDDLE_OUT',
  }),
  force: Flags.boolean({ summary: 'With --out: write over files that say something else.', env: 'HEDDLE_FORCE' }),
};
