import type { SynthInput, SynthPlan } from '../../../../shared/contract/synth.ts';
import { formatFigure, formatGib, formatParameters } from '../../../../shared/units/format.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { KeyValues } from '../../../ui/key-values.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import classes from '../lab.module.css';

const warningOf = ({ fitsOnDisk, exists, layerCount, wholeLayerCount }: SynthPlan): string | null => {
  if (!fitsOnDisk) return 'It does not fit on that disk: choose a smaller type or fewer layers.';
  if (exists) return 'This file is already there.';
  return layerCount === wholeLayerCount
    ? null
    : 'With fewer layers it tests kernels and settings; its speed is not scaled to the whole model.';
};

const PlanFigures = ({ plan }: { readonly plan: SynthPlan }) => {
  const warning = warningOf(plan);
  return (
    <>
      <KeyValues
        items={[
          ['Model', plan.name],
          ['Dimensions from', plan.source],
          ['Type', `${plan.type}, ${formatFigure(plan.bitsPerWeight)} bits per weight`],
          ['Parameters', formatParameters(plan.parameterCount)],
          [
            'Layers',
            plan.layerCount === plan.wholeLayerCount
              ? String(plan.layerCount)
              : `${plan.layerCount} of ${plan.wholeLayerCount}`,
          ],
          ['File size', `${formatGib(plan.sizeBytes)} GiB, ${formatGib(plan.freeBytes)} GiB free`],
          ['File', <span className="mono">{plan.path}</span>],
        ]}
      />
      {warning === null ? null : <p className={classes.note}>{warning}</p>}
    </>
  );
};

/** Size and place of the file before it is written. */
export const PlanView = ({ input }: { readonly input: SynthInput }) => {
  const { queries } = useServices();
  const plan = useQuery(queries.synthPlan(input));
  return (
    <QueryView query={plan} what="the size of the file">
      {(data) => <PlanFigures plan={data} />}
    </QueryView>
  );
};
