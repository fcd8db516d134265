import { Button, Modal, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Model, QuantType } from '../../../shared/contract/models.ts';
import { formatFigure, formatGib } from '../../../shared/units/format.ts';
import { useAction } from '../../live/use-action.ts';
import { useQuery } from '../../live/use-query.ts';
import { useServices } from '../../services-context.ts';
import { QueryView } from '../../ui/query-view.tsx';
import classes from './model-dialogs.module.css';

interface TypeListProps {
  readonly types: readonly QuantType[];
  readonly model: Model;
  readonly chosen: string;
  readonly hasImatrix: boolean;
  readonly onChoose: (name: string) => void;
}

const TypeList = ({ types, model, chosen, hasImatrix, onChoose }: TypeListProps) => (
  <div className={classes.types} role="radiogroup" aria-label="Type">
    {types.map((type) => (
      <label key={type.name} className={classes.type}>
        <input
          type="radio"
          name="quantization"
          value={type.name}
          checked={type.name === chosen}
          disabled={type.needsImatrix && !hasImatrix}
          onChange={() => onChoose(type.name)}
        />
        <span className="mono">{type.name}</span>
        <span className={classes.size} title={`${formatFigure(type.bitsPerWeight)} bits per weight`}>
          {formatGib((model.parameterCount * type.bitsPerWeight) / 8)} GiB
        </span>
        <span className="muted">
          {type.needsImatrix && !hasImatrix ? 'needs an importance matrix' : type.note}
        </span>
      </label>
    ))}
  </div>
);

/** Types that are no loss of a full-precision source. */
const isFullPrecision = (quantization: string): boolean => /^(F32|F16|BF16)$/.test(quantization);

/** Makes a smaller file from a model with the llama.cpp Dyno serves with. */
export const QuantizeDialog = ({
  model,
  onClose,
}: {
  readonly model: Model;
  readonly onClose: () => void;
}) => {
  const { client, notices, queries } = useServices();
  const types = useQuery(queries.quantTypes());
  const [chosen, setChosen] = useState('Q4_K_M');
  const [imatrix, setImatrix] = useState('');
  const hasImatrix = imatrix.trim() !== '';
  const [allowsRequantize, setAllowsRequantize] = useState(false);
  const isRefused =
    !hasImatrix && types.data?.some(({ name, needsImatrix }) => name === chosen && needsImatrix) === true;
  const needsConsent = !isFullPrecision(model.quantization);
  const quantize = useAction(async () => {
    const job = await client.models.quantize({
      model: model.id,
      type: chosen,
      allowRequantize: allowsRequantize,
      ...(hasImatrix && { imatrix: imatrix.trim() }),
    });
    notices.done(`${job.title}: follow it in the bar above.`);
    onClose();
  });
  return (
    <Modal opened onClose={onClose} title={`Quantize ${model.id}`} size="lg">
      <div className={classes.form}>
        <QueryView query={types} what="the types">
          {(data) => (
            <TypeList
              types={data}
              model={model}
              chosen={chosen}
              hasImatrix={hasImatrix}
              onChoose={setChosen}
            />
          )}
        </QueryView>
        <TextInput
          label="Importance matrix"
          description={`Optional path of one made of this model: dyno models imatrix ${model.id} --text FILE --out FILE. The smallest types need it, the others profit.`}
          value={imatrix}
          onChange={(event) => setImatrix(event.currentTarget.value)}
        />
        {needsConsent ? (
          <Switch
            label={`Quantize again from ${model.quantization}`}
            description="The source has lost precision already; from F16 the result is better."
            checked={allowsRequantize}
            onChange={(event) => setAllowsRequantize(event.currentTarget.checked)}
          />
        ) : null}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button
            onClick={() => quantize.run()}
            loading={quantize.isRunning}
            disabled={types.data === undefined || isRefused || (needsConsent && !allowsRequantize)}
          >
            Make {chosen}
          </Button>
        </div>
      </div>
    </Modal>
  );
};
