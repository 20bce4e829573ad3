import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLI_ERRORS } from '../../packages/cli/src/errors/codes.js';
import { renderCommandHelp } from '../../packages/cli/src/help/render.js';
import type { HelpCommand } from '../../packages/cli/src/help/types.js';
import { commandsPage } from '../../scripts/pages/commands-page.ts';
import { errorsPage } from '../../scripts/pages/errors-page.ts';
import { sourceFiles } from '../../scripts/pages/source-files.ts';
import { ROOT, read } from './sources.js';

interface Manifest {
  readonly commands: Readonly<Record<string, HelpCommand>>;
}
const manifest = (name: string) => JSON.parse(read(`packages/${name}/oclif.manifest.json`)) as Manifest;
const plain = { bold: (text: string) => text, dim: (text: string) => text, width: 100 };

const PRINT_MANIFEST = `
const { Plugin } = require('@oclif/core');
const plugin = new Plugin({ root: process.argv[1], ignoreManifest: true, isRoot: true, type: 'core' });
plugin.load().then(() => process.stdout.write(JSON.stringify(plugin.manifest)));
`;

/** The parts that say what a command is; where it was found differs from machine to machine. */
function comparable({ commands }: Manifest): unknown {
  const parts = ['id', 'summary', 'description', 'usage', 'examples', 'args', 'flags', 'hidden', 'strict'] as const;
  const byId = Object.entries(commands as unknown as Readonly<Record<string, Record<string, unknown>>>).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return byId.map(([id, command]) => [id, Object.fromEntries(parts.map((part) => [part, command[part]]))]);
}

/** When one of these fails: npm run generate. */
describe('generated files are fresh', () => {
  for (const name of ['cli', 'sandbox', 'conformance']) {
    it(`packages/${name}/oclif.manifest.json`, () => {
      // In a process of its own: under a test runner oclif looks for TypeScript sources instead of the built commands.
      const printed = execFileSync(process.execPath, ['-e', PRINT_MANIFEST, join(ROOT, 'packages', name)], {
        encoding: 'utf8',
        env: { ...process.env, NODE_ENV: 'production' },
        cwd: ROOT,
      });
      const fresh = JSON.parse(printed) as Manifest;
      expect(Object.keys(fresh.commands).length).toBeGreaterThan(0);
      expect(comparable(manifest(name))).toEqual(comparable(fresh));
    });
  }

  it('docs/commands.md', () => {
    const commands = [manifest('cli'), manifest('sandbox'), manifest('conformance')].flatMap(({ commands }) => Object.values(commands));
    const program = { bin: 'heddle', version: '', description: '', commands, topics: {} };
    expect(read('docs/commands.md')).toBe(commandsPage(commands, (command) => renderCommandHelp(program, command, plain)));
  });

  it('docs/errors.md', () => {
    expect(read('docs/errors.md')).toBe(errorsPage(sourceFiles(ROOT), CLI_ERRORS));
  });
});
