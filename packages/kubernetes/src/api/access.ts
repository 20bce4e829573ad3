import { type AccessCheck, type AccessReport, isRecord } from '@heddle/core';
import { jsonOf, type Transport } from '../transport/transport.js';
import { inParallel } from './in-parallel.js';

/** Asks the server for each right by a SelfSubjectAccessReview (authorization.k8s.io/v1), which any user may do. */
export async function reviewAccess(transport: Transport, checks: readonly AccessCheck[]): Promise<AccessReport> {
  return { checks: await inParallel(checks, (check) => review(transport, check)) };
}

async function review(transport: Transport, check: AccessCheck): Promise<AccessReport['checks'][number]> {
  const act = {
    words: 'ask the API server for your rights',
    right: { verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' },
  };
  const { group, resource, subresource, namespace, verb } = check;
  const resourceAttributes = {
    group,
    resource,
    verb,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
  };
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } };
  const response = await transport.send({ act, method: 'POST', path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body });
  const answer = jsonOf(response, act, transport.place);
  const status = isRecord(answer) && isRecord(answer.status) ? answer.status : {};
  const reason = [status.reason, status.evaluationError].find((text): text is string => typeof text === 'string' && text !== '');
  return { ...check, allowed: status.allowed === true, ...(reason === undefined ? {} : { reason }) };
}
