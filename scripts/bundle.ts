import { globSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/**
 * Puts what `tsc` wrote into few files, package by package: a command that loads a thousand of them spends most of its time on that
 * (`docs/decisions/012-bundles.md`). Each package's own modules go together and every other package stays an import, so that there is one
 * `@heddle/core` in a process; a module that is imported late stays in a file of its own. Nothing is written unless all can be, nor what is
 * there already, so that a heddle which runs meanwhile finds its files.
 */
const PACKAGES = fileURLToPath(new URL('../packages', import.meta.url));

const filesBelow = (folder: string, pattern: string) => globSync(pattern, { cwd: folder }).map((path) => path.replaceAll('\\', '/'));

/** What is loaded by its path: the modules that package.json names, and the commands in the folder that it names. */
function entries(root: string): Readonly<Record<string, string>> {
  const { exports, heddle, oclif, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  const named = JSON.stringify([exports, heddle, oclif]).matchAll(/"\.\/bundle\/([^"]+?)(\.js)?"/g);
  const modules = [...named].flatMap(([, path = '', isFile]) => (isFile === undefined ? commandsBelow(root, path) : [path]));
  if (bin !== undefined) modules.push('start');
  return Object.fromEntries(modules.map((path) => [path, join(root, 'dist', `${path}.js`)]));
}

const commandsBelow = (root: string, folder: string): readonly string[] =>
  filesBelow(join(root, 'dist'), `${folder}/**/*.js`)
    .map((path) => path.replace(/\.js$/, ''))
    .sort();

/** `tsc` leaves in `dist` what it once made of a source that is gone; it would be packed, and its commands be listed. */
async function sweep(root: string): Promise<void> {
  const sources = new Set(filesBelow(join(root, 'src'), '**/*.ts').map((path) => path.replace(/\.ts$/, '')));
  for (const path of filesBelow(join(root, 'dist'), '**/*.{js,d.ts}')) {
    if (!sources.has(path.replace(/(\.d\.ts|\.js)$/, ''))) await rm(join(root, 'dist', path));
  }
}

async function bundle(root: string): Promise<ReadonlyMap<string, string>> {
  const isOther = (id: string) => !id.startsWith('.') && !isAbsolute(id);
  const build = await rolldown({ cwd: root, input: entries(root), platform: 'node', external: isOther });
  const { output } = await build.generate({ format: 'esm', chunkFileNames: 'chunks/[name].js' });
  await build.close();
  return new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.code] as const] : [])));
}

async function put(file: string, code: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => undefined)) === code) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, code);
  await rename(`${file}.new`, file);
}

const roots = globSync('*', { cwd: PACKAGES }).map((name) => join(PACKAGES, name));
for (const root of roots) await sweep(root);
const bundles = await Promise.all(roots.map(async (root) => ({ folder: join(root, 'bundle'), files: await bundle(root) })));
for (const { folder, files } of bundles) {
  for (const [path, code] of files) await put(join(folder, path), code);
  for (const path of filesBelow(folder, '**/*.js')) if (!files.has(path)) await rm(join(folder, path));
}
