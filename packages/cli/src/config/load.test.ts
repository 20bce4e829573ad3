import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from './load.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-config-'));
  mkdirSync(join(folder, 'config'));
  mkdirSync(join(folder, 'work/deep/er'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
const load = (cwd = 'work/deep/er') => loadConfig({ configDir: join(folder, 'config'), cwd: join(folder, cwd), agentImage: 'built-in:1' });
const failure = () => {
  try {
    load();
  } catch (error) {
    return error as Error & { code: string };
  }
  throw new Error('accepted');
};

describe('loadConfig', () => {
  it('has built-in values without any file', () => {
    expect(load()).toEqual({
      clusters: {},
      agent: { image: 'built-in:1', readyTimeout: 180 },
      defaults: { tunnel: 'ssh', header: 'x-heddle', mesh: 'auto' },
      files: [],
      imageChosen: false,
    });
  });

  it("lays the project's file over the user's, clusters by name and settings by key", () => {
    write(
      'config/config.yaml',
      'clusters:\n  a: {context: a, mesh: istio}\n  b: {context: b}\nagent: {image: mine:1, pullSecret: regcred}\n',
    );
    write('work/.heddle.yaml', "clusters:\n  b: {context: 'b-*'}\nagent: {image: team:2}\ndefaults: {header: x-dev}\n");
    expect(load()).toMatchObject({
      clusters: { a: { context: 'a', mesh: 'istio' }, b: { context: 'b-*' } },
      agent: { image: 'team:2', pullSecret: 'regcred', readyTimeout: 180 },
      defaults: { tunnel: 'ssh', header: 'x-dev', mesh: 'auto' },
      files: [join(folder, 'config/config.yaml'), join(folder, 'work/.heddle.yaml')],
      imageChosen: true,
    });
  });

  it('lays mappings of agent over each other key by key, as config show tells it', () => {
    write('config/config.yaml', 'agent: {images: {wire: w:1, rope: r:1}, labels: {team: a}, nodeSelector: {disk: ssd}}\n');
    write('work/.heddle.yaml', 'agent: {images: {rope: r:2}, labels: {cost: b}}\n');
    expect(load().agent).toMatchObject({
      images: { wire: 'w:1', rope: 'r:2' },
      labels: { team: 'a', cost: 'b' },
      nodeSelector: { disk: 'ssd' },
    });
  });

  it('takes the nearest project file only', () => {
    write('work/.heddle.yaml', 'defaults: {header: far, tunnel: other}');
    write('work/deep/.heddle.yaml', 'defaults: {header: near}');
    expect(load().defaults).toEqual({ header: 'near', tunnel: 'ssh', mesh: 'auto' });
    expect(load('work').defaults.header).toBe('far');
  });

  it.each(['', '# only a comment\n', '---\n', 'clusters: {}\n'])('accepts %j', (text) => {
    write('work/.heddle.yaml', text);
    expect(load().clusters).toEqual({});
  });

  it('names file, line, key, what was expected and what is there', () => {
    write('work/.heddle.yaml', '# ours\nclusters:\n  staging:\n    context: staging\n    mesh: [istio]\n');
    const error = failure();
    expect(error.code).toBe('config-invalid');
    expect(error.message).toBe(
      `${join(folder, 'work/.heddle.yaml')}:5: clusters.staging.mesh: expected a text like ^[a-z][a-z0-9-]*$, received a list`,
    );
  });

  it('names the place where YAML breaks', () => {
    write('config/config.yaml', 'clusters:\n  a: {context: a\nagent: {}\n');
    const error = failure();
    expect(error.code).toBe('config-syntax');
    expect(error.message).toMatch(/config\.yaml:\d+:\d+: \S/);
  });

  it('refuses a document that is no mapping', () => {
    write('work/.heddle.yaml', '- a\n- b\n');
    expect(failure().message).toContain(':1: the file: expected a mapping, received a list');
  });

  it('says so when a file cannot be read', () => {
    mkdirSync(join(folder, 'config/config.yaml'));
    expect(failure()).toMatchObject({ code: 'config-unreadable' });
  });
});
