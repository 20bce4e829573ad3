import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ADAPTER = fileURLToPath(new URL('../../packages/adapter-istio', import.meta.url));

export interface WovenOptions {
  readonly version?: string;
  /** The adapter's id as package.json declares it. */
  readonly id?: string;
  readonly apiVersion?: number;
  /** The module's text, in place of the adapter. */
  readonly module?: string;
  /** More of package.json, or other values. */
  readonly manifest?: Readonly<Record<string, unknown>>;
}

/**
 * A plugin as somebody else would publish it: a whole adapter under a name and id of its own, with core as an ordinary dependency. It is
 * made of the bundled adapter's build, so that a session really runs through it.
 */
export async function writeWoven(folder: string, name: string, options: WovenOptions = {}): Promise<string> {
  const { version = '1.0.0', id = 'woven', apiVersion = 1 } = options;
  await mkdir(folder, { recursive: true });
  await cp(join(ADAPTER, 'bundle'), join(folder, 'bundle'), { recursive: true });
  const module =
    options.module ?? `import { adapter } from './bundle/index.js';\nexport default { ...adapter, id: '${id}', title: 'Woven' };\n`;
  await writeFile(join(folder, 'index.js'), module);
  const manifest = {
    name,
    version,
    type: 'module',
    files: ['bundle', 'index.js'],
    exports: { '.': './index.js', './package.json': './package.json' },
    dependencies: { '@heddle/core': '0.1.0' },
    oclif: {},
    heddle: { adapters: [{ id, apiVersion, module: './index.js', scenarios: './bundle/scenarios/index.js' }] },
    ...options.manifest,
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, undefined, 2));
  return folder;
}
