import { Args, Flags } from '@oclif/core';
import type { Override } from '../config/settings.js';
import { imageFlag, meshFlag, tunnelFlag } from './shared-flags.js';

export const keyArg = Args.string({
  required: true,
  description: 'The key, with dots: defaults.mesh, clusters.NAME.context, agent.image.',
  ignoreStdin: true,
});

export const projectFlag = {
  project: Flags.boolean({ summary: "The project's .heddle.yaml instead of your own file.", env: 'HEDDLE_PROJECT' }),
};

/** Flags that are put over the configuration: given here, they show what a command with them would use. */
export const overrideFlags = { ...meshFlag, ...tunnelFlag, ...imageFlag };

/** What flags and variables put over the files, and which of the two it was. */
export function overridesOf(flags: Readonly<Record<string, unknown>>, argv: readonly string[]): readonly Override[] {
  return (['mesh', 'tunnel', 'image'] as const).flatMap((key) => {
    const value = flags[key];
    if (typeof value !== 'string' || value === '') return [];
    const isFlag = argv.some((word) => word === `--${key}` || word.startsWith(`--${key}=`));
    return [
      isFlag ? { key, value, from: 'flag', name: `--${key}` } : { key, value, from: 'environment', name: `HEDDLE_${key.toUpperCase()}` },
    ];
  });
}
