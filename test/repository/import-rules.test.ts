import { describe, expect, it } from 'vitest';
import { filesBelow, importsOf, isTest, read } from './sources.js';

/** What each package's sources may import of ours, and which libraries are kept out of it at run time. */
const RULES: Readonly<Record<string, { ours: readonly string[]; never?: readonly string[] }>> = {
  core: { ours: [], never: ['@oclif/core', 'tsyringe', 'reflect-metadata', 'ssh2', '@kubernetes/client-node', 'ws', 'js-yaml'] },
  kubernetes: { ours: ['core'], never: ['@oclif/core', 'tsyringe', 'ssh2'] },
  'adapter-istio': { ours: ['core'], never: ['@oclif/core', 'tsyringe', 'ssh2', '@kubernetes/client-node', 'ws'] },
  'adapter-kuma': { ours: ['core'], never: ['@oclif/core', 'tsyringe', 'ssh2', '@kubernetes/client-node', 'ws'] },
  'tunnel-ssh': { ours: ['core'], never: ['@oclif/core', 'tsyringe', '@kubernetes/client-node'] },
  'tunnel-direct': { ours: ['core'], never: ['@oclif/core', 'tsyringe', 'ssh2', '@kubernetes/client-node'] },
  sandbox: { ours: ['core'], never: ['tsyringe', 'ssh2', '@kubernetes/client-node'] },
  conformance: { ours: ['core'], never: ['tsyringe', 'ssh2', '@kubernetes/client-node'] },
  cli: { ours: ['core', 'kubernetes'], never: ['ssh2', '@kubernetes/client-node'] },
};

/** Packages that must not know any mesh by name: an adapter is all that does. */
const MESH_AGNOSTIC = ['core', 'kubernetes', 'tunnel-ssh', 'tunnel-direct', 'sandbox', 'cli'];

const sourcesOf = (name: string) => filesBelow(`packages/${name}/src`, (path) => path.endsWith('.ts') && !isTest(path));
const packageOf = (module: string) =>
  module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');

describe('import rules', () => {
  it('knows every package', () => {
    const folders = new Set(filesBelow('packages').map((path) => path.split('/')[1]));
    expect([...folders].sort()).toEqual(Object.keys(RULES).sort());
  });

  for (const [name, rule] of Object.entries(RULES)) {
    it(`packages/${name} imports ${rule.ours.length === 0 ? 'nothing of ours' : `only ${rule.ours.join(', ')}`}`, () => {
      const wrong: string[] = [];
      for (const path of sourcesOf(name)) {
        for (const module of importsOf(read(path))) {
          const of = packageOf(module);
          const ours = of.startsWith('@heddle/') ? of.slice('@heddle/'.length) : undefined;
          if (ours !== undefined && ours !== name && !rule.ours.includes(ours)) wrong.push(`${path}: ${module}`);
          if (rule.never?.includes(of)) wrong.push(`${path}: ${module}`);
          if (module.startsWith('.') && /(^|\/)\.\.\/\.\.\/\.\.\/\.\./.test(module)) wrong.push(`${path}: ${module} leaves the package`);
        }
      }
      expect(wrong).toEqual([]);
    });
  }

  it('tsyringe and reflect-metadata appear in cli only, in the composition root and its entry', () => {
    const users = Object.keys(RULES).flatMap((name) =>
      sourcesOf(name).filter((path) => importsOf(read(path)).some((module) => ['tsyringe', 'reflect-metadata'].includes(module))),
    );
    expect(users.filter((path) => !path.startsWith('packages/cli/'))).toEqual([]);
    expect(users).toContain('packages/cli/src/composition-root.ts');
  });

  it('every declared dependency is imported, and every import declared', () => {
    const wrong: string[] = [];
    for (const name of Object.keys(RULES)) {
      const manifest = JSON.parse(read(`packages/${name}/package.json`)) as Record<
        'dependencies' | 'peerDependencies',
        Record<string, string> | undefined
      >;
      const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
      for (const path of sourcesOf(name)) {
        for (const module of importsOf(read(path))) {
          if (module.startsWith('.') || module.startsWith('node:') || packageOf(module) === `@heddle/${name}`) continue;
          if (!declared.has(packageOf(module))) wrong.push(`${path}: ${module} is not a dependency`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('no mesh is named in the packages that serve all meshes', () => {
    const wrong = MESH_AGNOSTIC.flatMap((name) =>
      sourcesOf(name).filter((path) =>
        /\b(istio|kuma|envoyfilter|virtualservice|destinationrule|meshhttproute|trafficroute)/i.test(withoutComments(read(path))),
      ),
    );
    expect(wrong).toEqual([]);
  });
});

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
}
