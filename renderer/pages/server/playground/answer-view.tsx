import { formatCount, formatCounted, formatDuration, formatFigure } from '../../../../shared/units/format.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { FailedState } from '../../../ui/failed-state.tsx';
import { MetricName } from '../../../ui/metric-name.tsx';
import classes from './answer-view.module.css';
import type { AnswerFigures, Turn } from './conversation.ts';

const Figures = ({ figures }: { readonly figures: AnswerFigures }) => (
  <p className={classes.figures}>
    <span>
      <MetricName metric="ttftMs" /> {formatDuration(figures.ttftMs)}
    </span>
    <span>
      <MetricName metric="apiDecodeTps" label="TPS" /> {formatFigure(figures.tokensPerSecond)} t/s
    </span>
    <span>
      {formatCounted(figures.outputTokens, 'token')} out, {formatCount(figures.promptTokens)} in
      {figures.cachedTokens > 0 ? `, ${formatCount(figures.cachedTokens)} cached` : ''}
    </span>
    <span>{formatDuration(figures.totalMs)} in all</span>
    <span>ended by {figures.finishReason}</span>
  </p>
);

/** An answer as it grows: its reasoning apart, its text, and how fast it came. */
export const AnswerView = ({ answer }: { readonly answer: Extract<Turn, { role: 'assistant' }> }) => {
  const { state } = answer;
  const isThinking = state.type === 'streaming' && answer.content === '';
  return (
    <div className={classes.answer} aria-busy={state.type === 'streaming'}>
      {answer.reasoning === '' ? null : (
        <details className={classes.reasoning} open={isThinking}>
          <summary>Reasoning</summary>
          <p>{answer.reasoning}</p>
        </details>
      )}
      {answer.content === '' && state.type === 'streaming' ? (
        <p className="muted">{answer.reasoning === '' ? 'Reading the prompt…' : null}</p>
      ) : (
        <p className={classes.text}>{answer.content}</p>
      )}
      {state.type === 'done' ? <Figures figures={state.figures} /> : null}
      {state.type === 'stopped' ? <p className={classes.figures}>Stopped by you.</p> : null}
      {state.type === 'failed' ? <FailedState problem={state.problem} /> : null}
      {answer.content === '' || state.type === 'streaming' ? null : (
        <span className={classes.copy}>
          <CopyButton text={answer.content} what="answer" />
        </span>
      )}
    </div>
  );
};
