import { describe, expect, it } from 'vitest';
import { filesBelow, read } from './sources.js';

const folders = [...new Set(filesBelow('packages', (path) => /^packages\/[^/]+\/agent\/Containerfile$/.test(path)))]
  .map((path) => path.slice(0, -'/agent/Containerfile'.length))
  .sort();
const [first = '', ...others] = folders;

// Each package's tarball holds what its image is made of.
describe('the images of the tunnels', () => {
  it('are several', () => expect(folders).toEqual(['packages/tunnel-direct', 'packages/tunnel-ssh']));

  it('have the same ready', () => {
    const ready = (folder: string) => read(`${folder}/agent/ready`);
    expect(others.map(ready)).toEqual(others.map(() => ready(first)));
  });

  it.each(folders)('%s declares the name that its image gets', (folder) => {
    const manifest = read(`${folder}/package.json`);
    const declared = (field: string) => [...manifest.matchAll(new RegExp(`^ *"${field}": "(.*)",?$`, 'gm'))].map(([, value]) => value);
    const { version, heddle } = JSON.parse(manifest) as { version: string; heddle: { tunnels: { image: string }[] } };
    expect(declared('image')).toEqual(heddle.tunnels.map(({ image }) => image));
    expect(declared('version')).toEqual([version]);
  });
});
