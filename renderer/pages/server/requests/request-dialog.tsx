import { Modal } from '@mantine/core';
import type { ServerRequest } from '../../../../shared/contract/server.ts';
import { formatCount, formatDuration, formatFigure } from '../../../../shared/units/format.ts';
import { useLive } from '../../../live/use-live.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { KeyValues } from '../../../ui/key-values.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { degradedReason } from './degraded-words.ts';
import { readableBody } from './recorded-pieces.ts';
import { RecordedChoiceView } from './recorded-choice.tsx';
import classes from './request-dialog.module.css';
import { decodeMsOf, outcomeOf, prefillMsOf } from './request-times.ts';

const Figures = ({ request }: { readonly request: ServerRequest }) => (
  <KeyValues
    items={[
      ['Arrived', new Date(request.atMs).toLocaleString('en-GB')],
      ['Key', request.keyName ?? 'none'],
      ['Route', <span className="mono">{request.route}</span>],
      ['Model', request.model],
      ['Phase', request.phase],
      ['Ended by', outcomeOf(request)],
      ...(request.degraded.length === 0 ? [] : [['Under load', degradedReason(request.degraded)] as const]),
      ['Prompt tokens', `${formatCount(request.promptTokens)}, ${formatCount(request.cachedTokens)} cached`],
      ['Output tokens', formatCount(request.outputTokens)],
      ['Queue', formatDuration(request.queueMs)],
      ['Prefill', formatDuration(prefillMsOf(request))],
      ['TTFT', formatDuration(request.ttftMs)],
      ['Decode', formatDuration(decodeMsOf(request))],
      ['Speed', `${formatFigure(request.tokensPerSecond)} t/s`],
      ['Total', formatDuration(request.totalMs)],
    ]}
  />
);

/** What was kept of it, asked of the host alone while it was recorded. */
const Recorded = ({ requestId }: { readonly requestId: string }) => {
  const { queries } = useServices();
  const recorded = useQuery(queries.recorded(requestId));
  return (
    <QueryView query={recorded} what="what it said">
      {({ body, choices }) => (
        <>
          <Panel title="Body as it came">
            <CodeBlock text={readableBody(body.text)} what="body" />
            {body.isCut ? <p className={classes.note}>The rest was longer than what is kept.</p> : null}
          </Panel>
          {choices.map((choice, index) => (
            <RecordedChoiceView
              key={index}
              choice={choice}
              name={choices.length === 1 ? 'Answer' : `Answer ${index + 1}`}
            />
          ))}
        </>
      )}
    </QueryView>
  );
};

interface RequestDialogProps {
  readonly requestId: string;
  readonly onClose: () => void;
}

/** Looks into one request: its figures always, what it said while recording is on. */
export const RequestDialog = ({ requestId, onClose }: RequestDialogProps) => {
  const { queries } = useServices();
  const request = useLive('requests').find(({ id }) => id === requestId);
  const isOn = useQuery(queries.recording()).data?.isOn === true;
  return (
    <Modal opened onClose={onClose} size="xl" title="Request">
      <div className={classes.body}>
        <p className={classes.note}>
          <span className="mono">{requestId}</span> <CopyButton text={requestId} what="request id" />
        </p>
        {request === undefined ? null : <Figures request={request} />}
        {isOn ? (
          <Recorded requestId={requestId} />
        ) : (
          <p className={classes.note}>
            Nothing that requests say is kept. Turn on “Record” above the table, then send it again.
          </p>
        )}
      </div>
    </Modal>
  );
};
