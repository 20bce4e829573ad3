import { closest, describeRef, type Finding, finding, ruleName } from '@heddle/core';
import { mergeDelegate } from '../decode/merge-delegate.js';
import type { HttpRule, VirtualService } from '../decode/world-types.js';
import type { LintContext } from './context.js';

/** Rules that leave their requests to another VirtualService, which is not there, not for them, or does not fit. */
export function lintDelegates(context: LintContext): readonly Finding[] {
  const byName = new Map(context.written.map((one) => [`${one.namespace}/${one.name}`, one]));
  const leaves = context.written.filter(({ hosts }) => hosts.length === 0).map((one) => `${one.namespace}/${one.name}`);
  const used = new Set<VirtualService>();
  const findings = context.written.flatMap((root) =>
    root.http.flatMap((rule) => {
      if (rule.delegate === undefined) return [];
      const leaf = byName.get(`${rule.delegate.namespace}/${rule.delegate.name}`);
      if (leaf !== undefined) used.add(leaf);
      return root.hosts.length === 0 ? [nested(root, rule)] : delegation(context, root, rule, leaf, leaves);
    }),
  );
  const unused = context.wasRead('VirtualService') ? context.written.filter((one) => one.hosts.length === 0 && !used.has(one)) : [];
  return [...findings, ...unused.map(withoutRoot)];
}

function delegation(
  context: LintContext,
  root: VirtualService,
  rule: HttpRule,
  leaf: VirtualService | undefined,
  names: readonly string[],
): readonly Finding[] {
  const pointer = `${rule.origins[0]?.pointer ?? '/spec/http'}/delegate`;
  const named = `${rule.delegate?.namespace}/${rule.delegate?.name}`;
  const then = 'so the rule is left out, and its requests go to later rules, or get 404';
  if (leaf === undefined) {
    const complete = context.isComplete('VirtualService', rule.delegate?.namespace ?? '');
    const near = closest(named, names);
    const text = `there is no VirtualService ${named}${complete ? '' : ' among what was read'} to delegate to, ${then}`;
    const fix = near === undefined ? 'make it, or correct the name' : `did you mean ${near}?`;
    return [finding(complete ? 'error' : 'info', 'delegate-missing', root.ref, text, { pointer, fix })];
  }
  if (leaf.hosts.length > 0) {
    const text = `VirtualService ${named} has hosts of its own, so nothing can be delegated to it, ${then}`;
    return [
      finding('error', 'delegate-with-hosts', root.ref, text, { pointer, fix: `take hosts and gateways out of ${describeRef(leaf.ref)}` }),
    ];
  }
  if (!leaf.visible.has('*') && !leaf.visible.has(root.namespace)) {
    const text = `VirtualService ${named} is not exported to namespace ${root.namespace}, ${then}`;
    return [
      finding('error', 'delegate-not-exported', root.ref, text, {
        pointer,
        fix: `add ${root.namespace} to exportTo of ${describeRef(leaf.ref)}`,
      }),
    ];
  }
  return leaf.http.flatMap((own) => {
    if (own.delegate !== undefined || mergeDelegate(rule, [own]).length > 0) return [];
    const at = own.origins.at(-1);
    const text = `${ruleName(at ?? { index: 0 })} is left out where ${describeRef(root.ref)} delegates to it: what it matches must be a part of what ${ruleName(rule.origins[0] ?? { index: 0 })} there matches, and a regular expression is never taken for one`;
    const where = at?.pointer === undefined ? {} : { pointer: at.pointer };
    return [
      finding('warning', 'delegate-rule-dropped', leaf.ref, text, {
        ...where,
        fix: `begin its paths with those of the rule that delegates`,
      }),
    ];
  });
}

function nested(leaf: VirtualService, rule: HttpRule): Finding {
  const pointer = `${rule.origins[0]?.pointer ?? '/spec/http'}/delegate`;
  const text = 'it is a delegate itself and delegates on, which goes one level deep only: the rule has no effect';
  return finding('error', 'delegate-nested', leaf.ref, text, { pointer, fix: 'delegate from the VirtualService with the hosts' });
}

function withoutRoot(leaf: VirtualService): Finding {
  const text = 'it has no hosts, and no VirtualService delegates to it, so no request follows its rules';
  return finding('info', 'delegate-unused', leaf.ref, text, { pointer: '/spec', fix: 'give it hosts, or name it as delegate' });
}
