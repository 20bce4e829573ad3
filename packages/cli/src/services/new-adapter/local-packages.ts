import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { cliError } from '../../errors/cli-error.js';
import type { LocalPackage } from './project-manifest.js';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The tarballs that `npm pack` makes of heddle's own packages, for a project in `project`. Throws `adapter-packages` when one is not there. */
export function localPackages(folder: string, project: string, manifest: string): readonly LocalPackage[] {
  const { dependencies, devDependencies } = JSON.parse(manifest) as Manifest;
  const ours = Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) => name.startsWith('@heddle/'));
  return ours.map(([name, version]) => {
    const file = join(folder, `${name.slice(1).replace('/', '-')}-${version}.tgz`);
    if (!existsSync(file)) {
      throw cliError('adapter-packages', `There is no ${file}, which the new project would depend on.`, [
        `Pack it, in a checkout of heddle: npm pack -w ${name} --pack-destination ${folder}`,
        'Leave --packages out to take it from the registry.',
      ]);
    }
    const integrity = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
    return { name, spec: `file:${relative(project, file).split(sep).join('/')}`, integrity };
  });
}
