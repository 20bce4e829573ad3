import { type Raw, record, text, texts } from './raw.js';

/** A leaf's match with what the root's match adds to it. */
export function completeMatch(root: Raw, leaf: Raw): Raw {
  const first = (key: string) => (leaf[key] == null ? root[key] : leaf[key]);
  const both = (key: string) => {
    const merged = { ...record(root[key]), ...record(leaf[key]) };
    return Object.keys(merged).length === 0 ? undefined : merged;
  };
  const [rootName, leafName] = [text(root.name), text(leaf.name)];
  const merged: Raw = {
    ...leaf,
    name: leafName === '' ? rootName : rootName === '' ? leafName : `${rootName}-${leafName}`,
    uri: first('uri'),
    scheme: first('scheme'),
    method: first('method'),
    authority: first('authority'),
    headers: both('headers'),
    withoutHeaders: both('withoutHeaders'),
    queryParams: both('queryParams'),
    sourceLabels: both('sourceLabels'),
    port: typeof leaf.port === 'number' && leaf.port > 0 ? leaf.port : root.port,
    sourceNamespace: text(leaf.sourceNamespace) || root.sourceNamespace,
    gateways: texts(leaf.gateways).length > 0 ? leaf.gateways : root.gateways,
    statPrefix: text(leaf.statPrefix) || root.statPrefix,
  };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value != null && value !== ''));
}
