/** Why a value is not what it must be: `must begin with a slash`. */
export type Check<T> = (value: T) => string | undefined;

/**
 * What a CRD's schema says of a value, as data. `T` is what the API server then stores: where there is a value at all, it is of this
 * type. Fields that the schema does not name are not refused: the API server drops them.
 */
export interface Schema<T = unknown> {
  readonly rule: Rule;
  /** What stands for an absent value. */
  readonly fallback?: unknown;
  /** Never there: it carries the type. */
  readonly as?: T;
}

export type Stored<S> = S extends Schema<infer T> ? T : never;

export type Rule =
  | ({ readonly type: 'text'; readonly check?: Check<string> } & Bounds)
  | ({ readonly type: 'whole'; readonly check?: Check<number> } & Bounds)
  | ({ readonly type: 'number' } & Bounds)
  | { readonly type: 'flag' }
  | ListRule
  | { readonly type: 'map'; readonly of: Schema; readonly max: number }
  | FieldsRule;

/** Of a number itself, else of a size: characters, items. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

export interface ListRule extends Bounds {
  readonly type: 'list';
  readonly of: Schema;
  /** No item twice: by this field, or by the whole item. */
  readonly unique?: { readonly by?: string };
}

export interface FieldsRule {
  readonly type: 'fields';
  readonly known: ReadonlyMap<string, Schema>;
  /** What stands for fields that are absent. */
  readonly fallbacks: readonly (readonly [name: string, unknown])[];
  readonly required: readonly string[];
  /** Of each group at most one field is set. */
  readonly exclusive: readonly (readonly string[])[];
}

const INT32: Bounds = { min: -(2 ** 31), max: 2 ** 31 - 1 };
const ANY_SIZE: Bounds = { min: 0, max: Number.POSITIVE_INFINITY };

export const text = (more: Partial<Bounds> & { check?: Check<string> } = {}): Schema<string> => ({
  rule: { type: 'text', ...ANY_SIZE, ...more },
});

/** A text that is one of a few. */
export const oneOf = <const V extends string>(values: readonly V[]): Schema<V> =>
  text({ check: (value) => (values.some((one) => one === value) ? undefined : `must be one of ${values.join(', ')}`) }) as Schema<V>;

export const matching = (pattern: RegExp, because: string, size: Partial<Bounds> = {}): Schema<string> =>
  text({ ...size, check: (value) => (pattern.test(value) ? undefined : because) });

/** A whole number of 32 bits, with a sign, unless bounds are given. */
export const whole = (more: Partial<Bounds> & { check?: Check<number> } = {}): Schema<number> => ({
  rule: { type: 'whole', ...INT32, ...more },
});

export const unsigned: Schema<number> = whole({ min: 0, max: 2 ** 32 - 1 });

export const number = (more: Partial<Bounds> = {}): Schema<number> => ({
  rule: { type: 'number', min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY, ...more },
});

export const flag: Schema<boolean> = { rule: { type: 'flag' } };

export const list = <T>(of: Schema<T>, more: Partial<Bounds> & Pick<ListRule, 'unique'> = {}): Schema<readonly T[]> => ({
  rule: { type: 'list', of, ...ANY_SIZE, ...more },
});

export const map = <T>(of: Schema<T>, max = Number.POSITIVE_INFINITY): Schema<Readonly<Record<string, T>>> => ({
  rule: { type: 'map', of, max },
});

export const fields = <K extends Readonly<Record<string, Schema>>>(
  known: K,
  { required = [], exclusive = [] }: Partial<Pick<FieldsRule, 'required' | 'exclusive'>> = {},
): Schema<{ readonly [F in keyof K]?: Stored<K[F]> }> => ({
  rule: {
    type: 'fields',
    known: new Map(Object.entries(known)),
    fallbacks: Object.entries(known).flatMap(([name, { fallback }]) => (fallback === undefined ? [] : [[name, fallback] as const])),
    required,
    exclusive,
  },
});

export const withFallback = <T>(schema: Schema<T>, fallback: unknown): Schema<T> => ({ ...schema, fallback });
