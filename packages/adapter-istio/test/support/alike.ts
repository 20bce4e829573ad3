import { type Answer, canonicalJson, evaluate, type Request, type RouteTable, type Rule } from '@heddle/core';

/** An answer, and the rule that gave it. */
export interface Asked {
  readonly answer: Answer;
  readonly rule: Rule | undefined;
}

/** Each rule that was tried stands in the trace. */
export function ask(table: RouteTable, request: Request): Asked {
  const answer = evaluate(table, request);
  return { answer, rule: table.rules[answer.trace.length - 1] };
}

/** What somebody could tell two answers apart by, whatever meshes call it; empty: nothing. */
export function differences(a: Asked, b: Asked): readonly string[] {
  const [x, y] = [parts(a), parts(b)];
  return Object.keys(x).flatMap((part) => (x[part] === y[part] ? [] : [`${part}: ${x[part]} is now ${y[part]}`]));
}

function parts({ answer, rule }: Asked): Readonly<Record<string, string>> {
  const isSent = answer.outcomes.some(({ pods = [] }) => pods.length > 0);
  return {
    pods: canonicalJson(shares(answer)),
    status: String(answer.status),
    protocol: String(answer.protocol),
    redirect: canonicalJson(answer.redirect),
    body: String(answer.body),
    seen: canonicalJson(answer.seen),
    mirrors: canonicalJson(
      (answer.mirrors ?? [])
        .filter(({ pods, percent }) => percent > 0 && pods.length > 0)
        .map(({ pods, percent }) => [percent, named(pods)]),
    ),
    faults: canonicalJson(Object.entries(answer.faults ?? {}).filter(([, { percent }]) => percent > 0)),
    timeout: String(isSent ? rule?.timeoutMs : undefined),
    retry: canonicalJson(isSent ? rule?.retry : undefined),
    headers: canonicalJson(rule?.headers),
  };
}

/** The share of each pod, and of each status that a proxy gives in a pod's place. */
function shares({ outcomes }: Answer): readonly (readonly [string, number])[] {
  const found = new Map<string, number>();
  for (const { probability, pods = [], status, host } of outcomes) {
    const keys = host === 'PassthroughCluster' ? [host] : pods.length === 0 ? [String(status)] : named(pods);
    for (const key of keys) found.set(key, (found.get(key) ?? 0) + probability / keys.length);
  }
  const [only] = found.keys();
  // Where no destination has a pod, the status says all.
  if (found.size === 1 && only !== undefined && /^\d+$/.test(only)) return [];
  return [...found].map(([key, share]) => [key, Number(share.toFixed(9))] as const).sort(([p], [q]) => (p < q ? -1 : 1));
}

const named = (pods: readonly { readonly namespace: string; readonly name: string }[]): readonly string[] =>
  pods.map(({ namespace, name }) => `${namespace}/${name}`).sort();
