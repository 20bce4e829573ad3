import { Flags } from '@oclif/core';
import { cliInputError } from '../errors/cli-error.js';
import { listFlag } from './shared-flags.js';

/** What is said of a mesh that no cluster shows. */
export const meshWithoutClusterFlags = {
  'mesh-version': Flags.string({
    summary: "The mesh's version; default: the newest that the adapter knows.",
    helpValue: 'VERSION',
    env: 'HEDDLE_MESH_VERSION',
    parse: async (text) => {
      const version = text.replace(/^v/, '');
      if (/^\d+\.\d+(\.\d+)?$/.test(version)) return version;
      throw cliInputError('usage', { path: '--mesh-version', expected: 'a version such as 1.31 or 2.14.1', received: text });
    },
  }),
  set: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    summary: "A setting of the adapter's; may be repeated.",
    helpValue: 'KEY=VALUE',
    env: 'HEDDLE_SET',
  }),
  strict: Flags.boolean({ summary: 'Fail with exit code 6 when the objects cannot say all of it.', env: 'HEDDLE_STRICT' }),
};

/** The settings that `--set` gives; of two for one key the later counts. Throws `usage`. */
export function parseSettings(flag: unknown): Readonly<Record<string, string>> {
  const pairs = listFlag(flag).map((text) => {
    const [, key, value] = /^([A-Za-z][\w.-]*)=(.*)$/s.exec(text) ?? [];
    if (key !== undefined && value !== undefined) return [key, value] as const;
    throw cliInputError('usage', { path: '--set', expected: 'KEY=VALUE', received: text }, ['Example: --set mesh=default']);
  });
  return Object.fromEntries(pairs);
}
