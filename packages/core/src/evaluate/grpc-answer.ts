import type { ActionAnswer } from './answer-action.js';
import type { RequestView } from './request-view.js';

/** Whether Envoy takes a request for gRPC (envoy `source/common/grpc/common.cc`, `hasGrpcContentType`). */
export function isGrpc(view: RequestView): boolean {
  const [type = ''] = view.header('content-type');
  return type === 'application/grpc' || type.startsWith('application/grpc+');
}

/**
 * What the proxy itself answers to a gRPC request has status 200 and no body; what went wrong is in `grpc-status` (envoy
 * `source/common/http/utility.cc`, `prepareLocalReply`). Observed with Envoy 1.40.
 */
export function asGrpcAnswer(given: ActionAnswer): ActionAnswer {
  const { body: _, ...rest } = given;
  const outcomes = given.outcomes.map((one) => (one.reason === undefined ? one : { ...one, status: 200 }));
  const own = given.outcomes.length === 0 ? given.status !== undefined : outcomes.some(({ reason }) => reason !== undefined);
  if (!own) return given;
  return {
    ...rest,
    status: 200,
    outcomes,
    ...(given.redirect === undefined ? {} : { redirect: { ...given.redirect, code: 200 } }),
    notes: [...(given.notes ?? []), 'a gRPC request: what the proxy answers itself has status 200, and grpc-status says what went wrong'],
  };
}
