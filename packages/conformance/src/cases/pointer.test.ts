import { describe, expect, it } from 'vitest';
import { valueAt, withValue } from './pointer.js';

const object = { a: [{ n: 1 }, { n: 2 }, {}], 'x/y': { '~': 3 } };

describe('pointers', () => {
  it('read values, and collect from lists', () => {
    expect(valueAt(object, '')).toBe(object);
    expect(valueAt(object, '/a/1/n')).toBe(2);
    expect(valueAt(object, '/a/*/n')).toEqual([1, 2, undefined]);
    expect(valueAt(object, '/x~1y/~0')).toBe(3);
    expect(valueAt(object, '/a/7/n')).toBeUndefined();
    expect(valueAt(object, '/nothing/there')).toBeUndefined();
  });

  it('write copies', () => {
    expect(withValue(object, '/a/0/n', 9)).toEqual({ ...object, a: [{ n: 9 }, { n: 2 }, {}] });
    expect(withValue(object, '/a/-', 'end')).toMatchObject({ a: [{ n: 1 }, { n: 2 }, {}, 'end'] });
    expect(withValue(object, '/a/1', null)).toMatchObject({ a: [{ n: 1 }, {}] });
    expect(withValue({}, '/new/deep', 1)).toEqual({ new: { deep: 1 } });
    expect(withValue({ a: { b: 1, c: 2 } }, '/a/b', null)).toEqual({ a: { c: 2 } });
    expect(object.a).toHaveLength(3);
  });
});
