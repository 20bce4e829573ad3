/** Takes what a rule finds at a field; `undefined` is nothing. Rules look at stored values: of the schema's types, without nulls. */
export type Report = (pointer: string, because: string | undefined) => void;

/** Looks at each item of a list, with its place. */
export function each<T>(items: readonly T[] | undefined, pointer: string, look: (item: T, pointer: string) => void): void {
  items?.forEach((item, index) => {
    look(item, `${pointer}/${index}`);
  });
}

/** The same where each item has one fault at most. */
export function eachIf<T>(
  items: readonly T[] | undefined,
  pointer: string,
  because: (item: T) => string | undefined,
  report: Report,
): void {
  each(items, pointer, (item, at) => report(at, because(item)));
}

/** What rules look at beside the spec. */
export interface About {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Minor version of Istio 1. */
  readonly minor: number;
}
