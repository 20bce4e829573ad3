import { describe, expect, it } from 'vitest';
import { read } from './sources.js';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  /** Comes within another package's tarball, whose checksum covers it. */
  readonly inBundle?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const packages = (JSON.parse(read('package-lock.json')) as { packages: Readonly<Record<string, LockedPackage>> }).packages;
const installed = Object.entries(packages).filter(([path, { link }]) => path.startsWith('node_modules/') && link !== true);

/** Without this `npm ci` stops on a fresh clone, though it works where the packages are installed already. */
describe('package-lock.json', () => {
  it('has every optional dependency, for all platforms', () => {
    const missing = installed.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !Object.keys(packages).some((other) => other.endsWith(`node_modules/${name}`)))
        .map((name) => `${path} wants ${name}`),
    );
    expect(installed.length).toBeGreaterThan(200);
    expect(missing).toEqual([]);
  });

  it('has a checksum for every package, and names no registry', () => {
    expect(installed.filter(([, { integrity, inBundle }]) => integrity === undefined && inBundle !== true).map(([path]) => path)).toEqual(
      [],
    );
    expect(Object.values(packages).filter(({ resolved }) => resolved?.includes('://'))).toEqual([]);
  });
});
