import type { ServedModel } from '../router/route-table.ts';
import type { MetricFamily, Sample } from './exposition.ts';

interface Now {
  readonly models: readonly ServedModel[];
  readonly running: number;
  readonly waiting: number;
  readonly version: string;
}

/** What is true at this moment, of the queue and of every engine. */
export const engineFamilies = ({ models, running, waiting, version }: Now): readonly MetricFamily[] => {
  const replicas = models.flatMap((model) =>
    model.replicas().map((replica) => ({
      labels: { model: model.info.id, replica: replica.id },
      state: replica.state(),
      snapshot: replica.snapshot(),
    })),
  );
  const gauge = (name: string, help: string, samples: readonly Sample[]): MetricFamily => ({
    name,
    type: 'gauge',
    help,
    samples,
  });
  return [
    gauge('dyno_build_info', 'Version of Dyno; always 1.', [{ labels: { version }, value: 1 }]),
    gauge('dyno_requests_running', 'Requests the engines work on.', [{ value: running }]),
    gauge('dyno_requests_waiting', 'Requests that wait for a slot.', [{ value: waiting }]),
    gauge(
      'dyno_engine_ready',
      'Whether the engine answers, 0 or 1.',
      replicas.map(({ labels, state }) => ({ labels, value: state.type === 'ready' ? 1 : 0 })),
    ),
    gauge(
      'dyno_engine_slots',
      'Requests the engine can work on together.',
      replicas.flatMap(({ labels, state }) =>
        state.type === 'ready' ? [{ labels, value: state.facts.slots }] : [],
      ),
    ),
    gauge(
      'dyno_engine_context_tokens',
      'Tokens one slot of the engine can hold.',
      replicas.flatMap(({ labels, state }) =>
        state.type === 'ready' ? [{ labels, value: state.facts.contextSize }] : [],
      ),
    ),
    gauge(
      'dyno_engine_kv_tokens',
      'Tokens in the KV cache over all slots.',
      replicas.map(({ labels, snapshot }) => ({ labels, value: snapshot.kvTokens })),
    ),
    gauge(
      'dyno_engine_resident_bytes',
      'Resident memory of the engine process.',
      replicas.flatMap(({ labels, snapshot }) =>
        snapshot.residentBytes === null ? [] : [{ labels, value: snapshot.residentBytes }],
      ),
    ),
  ];
};
