import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { adapterTemplate } from './adapter-template.ts';
import { commandsPage, type ManifestCommand } from './pages/commands-page.ts';
import { errorsPage, type Source } from './pages/errors-page.ts';
import { sourceFiles } from './pages/source-files.ts';

/** Writes docs/commands.md and docs/errors.md from the built command line; `npm run generate` builds and writes the manifests before. */
const root = fileURLToPath(new URL('..', import.meta.url));
const built = (path: string): Promise<Record<string, unknown>> => import(`${root}/packages/cli/dist/${path}`);

/** Their commands are in the order of a folder's listing, which no two machines need to share. */
for (const name of ['cli', 'sandbox', 'conformance']) {
  const file = `${root}/packages/${name}/oclif.manifest.json`;
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { commands: Record<string, unknown> };
  const commands = Object.fromEntries(Object.entries(manifest.commands).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify({ ...manifest, commands }, null, 2)}\n`);
}

const manifests = ['cli', 'sandbox', 'conformance'].map((name) => readFileSync(`${root}/packages/${name}/oclif.manifest.json`, 'utf8'));
const commands = manifests.flatMap((text) => Object.values((JSON.parse(text) as { commands: Record<string, ManifestCommand> }).commands));
const { renderCommandHelp } = (await built('help/render.js')) as {
  renderCommandHelp(program: object, command: ManifestCommand, paper: object): string;
};
const { CLI_ERRORS } = (await built('errors/codes.js')) as { CLI_ERRORS: Record<string, { exit: string; when: string }> };
const plain = { bold: (text: string) => text, dim: (text: string) => text, width: 100 };
const program = { bin: 'heddle', version: '', description: '', commands, topics: {} };

writeFileSync(
  `${root}/docs/commands.md`,
  commandsPage(commands, (command) => renderCommandHelp(program, command, plain)),
);
const sources: Source[] = sourceFiles(root);
writeFileSync(`${root}/docs/errors.md`, errorsPage(sources, CLI_ERRORS));
console.log('wrote docs/commands.md and docs/errors.md');
writeFileSync(`${root}/packages/cli/adapter-template.json`, adapterTemplate(root));
console.log('wrote packages/cli/adapter-template.json');
