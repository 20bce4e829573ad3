import { describe, expect, it } from 'vitest';
import { parseCase } from '../cases/parse-case.js';
import { unlessSaidAway } from './place-of.js';
import type { Stage } from './stage.js';

const stage: Stage = {
  name: 'default',
  title: '',
  environment: { served: {}, settings: {} },
  client: { kind: 'none' },
  objects: [],
  worlds: new Map(),
  without: { one: 'this mesh cannot' },
};
const caseOf = (level: string) => parseCase({ id: 'one', level, title: 't', steps: [{ unchanged: 'start' }] }, 'one');

describe('what a package says it cannot have', () => {
  it('is a reason to skip an extended case, and none to skip one of the level core', () => {
    expect(unlessSaidAway(stage, caseOf('extended')).without).toBe('this mesh cannot');
    expect(unlessSaidAway(stage, caseOf('core')).without).toBeUndefined();
  });
});
