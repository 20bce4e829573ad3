import { Flags } from '@oclif/core';

/** The files of `route apply`, `diff` and `render`; kubectl calls the flag so too. Not `--file`, which stands for a cluster's objects. */
export const routesFileFlag = {
  filename: Flags.string({
    char: 'f',
    multiple: true,
    multipleNonGreedy: true,
    required: true,
    summary: 'A routes file, a folder of them, or - for standard input; may be repeated.',
    helpValue: 'FILE|FOLDER|-',
    env: 'HEDDLE_FILENAME',
  }),
};

export const forceFlag = {
  force: Flags.boolean({
    summary: 'Take over routes that others made, or other files keep, where they are in the way.',
    env: 'HEDDLE_FORCE',
  }),
};
