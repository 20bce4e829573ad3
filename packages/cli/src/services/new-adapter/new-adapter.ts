import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { cliError } from '../../errors/cli-error.js';
import type { Catalogue } from '../../plugins/catalogue.js';
import { partsOf } from '../../plugins/catalogue.js';
import { type AdapterNames, namesFor, renamed } from './adapter-names.js';
import { localPackages } from './local-packages.js';
import { projectLock, projectManifest } from './project-manifest.js';
import type { TemplateFiles } from './template.js';

export interface NewAdapterRequest {
  readonly name: string;
  /** Default: the package's name, in the working directory. */
  readonly folder?: string;
  /** A folder with packed tarballs of heddle's packages, to depend on in place of the registry's. */
  readonly packages?: string;
}

export interface NewAdapter {
  readonly id: string;
  readonly package: string;
  readonly folder: string;
  readonly files: readonly string[];
}

export interface NewAdapterService {
  /** Writes the project. Throws `adapter-name`, `adapter-folder` and `adapter-packages`, and then nothing is written. */
  create(request: NewAdapterRequest): NewAdapter;
}

export function createNewAdapterService(deps: {
  readonly cwd: string;
  readonly catalogue: Catalogue;
  readonly readTemplate: () => TemplateFiles;
}): NewAdapterService {
  return {
    create: ({ name, folder, packages }) => {
      const installed = partsOf(deps.catalogue, 'adapter').map(({ id }) => id);
      const names = namesFor(name, installed);
      const target = resolve(deps.cwd, folder ?? names.package);
      refuseUsedFolder(target);
      const files = project(deps.readTemplate(), names, target, packages === undefined ? undefined : resolve(deps.cwd, packages));
      for (const [path, content] of Object.entries(files)) {
        const file = join(target, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
      return { id: names.id, package: names.package, folder: target, files: Object.keys(files).sort() };
    },
  };
}

function project(template: TemplateFiles, names: AdapterNames, target: string, packages: string | undefined): TemplateFiles {
  const files = Object.fromEntries(Object.entries(template).map(([path, content]) => [path, renamed(content, names)]));
  const { 'package.json': manifest = '{}', 'package-lock.json': lock = '{"packages":{}}' } = files;
  const local = packages === undefined ? [] : localPackages(packages, target, manifest);
  return { ...files, 'package.json': projectManifest(manifest, names, local), 'package-lock.json': projectLock(lock, local) };
}

/** What is there is never written over. */
function refuseUsedFolder(folder: string): void {
  if (!existsSync(folder) || (statSync(folder).isDirectory() && readdirSync(folder).length === 0)) return;
  throw cliError('adapter-folder', `${folder} is there already and not an empty folder.`, [
    'Name another one: heddle adapter new NAME FOLDER',
    'Move it away first.',
  ]);
}
