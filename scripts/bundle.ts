import { globSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/**
 * Puts what `tsc` wrote into few files, package by package: a command that loads a thousand of them spends most of its time on that
 * (`docs/decisions/012-bundles.md`). Each package's own modules go together and every other package stays an import, so that there is one
 * `@heddle/core` in a process; a module that is imported late stays in a file of its own.
 */
const PACKAGES = fileURLToPath(new URL('../packages', import.meta.url));

/** What is loaded by its path: the modules that package.json names, and what it says of commands and hooks. */
function entries(root: string): Readonly<Record<string, string>> {
  const { exports, heddle, oclif, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  const named = JSON.stringify([exports, heddle, oclif]).matchAll(/"\.\/bundle\/([^"]+?)(\.js)?"/g);
  const paths = [...named].flatMap(([, path = '', isFile]) =>
    isFile === undefined ? globSync(`${path}/**/*.js`, { cwd: join(root, 'dist') }) : [`${path}.js`],
  );
  if (bin !== undefined) paths.push('start.js');
  return Object.fromEntries(paths.map((path) => [path.replace(/\.js$/, ''), join(root, 'dist', path)]));
}

for (const name of globSync('*', { cwd: PACKAGES })) {
  const root = join(PACKAGES, name);
  await rm(join(root, 'bundle'), { recursive: true, force: true });
  const build = await rolldown({ cwd: root, input: entries(root), platform: 'node', external: /^[^./]/ });
  await build.write({ dir: 'bundle', format: 'esm', chunkFileNames: 'chunks/[name].js' });
  await build.close();
}
