import { useCombobox } from "downshift";
import { useDeferredValue, useState } from "react";
import { useQuery } from "urql";
import { Icon } from "../shared/Icon";
import { type Failing, moreOptions, options } from "./model";
import { OPTIONS } from "./queries";

const OFFERED = 20;

interface FailingFieldProps {
  readonly portfolio: string;
  readonly chosen: readonly Failing[];
  readonly onChange: (failing: Failing, fails: boolean) => void;
}

/** Chooses what fails: providers, services, agreements, regions and zones, several at once, found by typing. */
export function FailingField({ portfolio, chosen, onChange }: FailingFieldProps) {
  const [text, setText] = useState("");
  const search = useDeferredValue(text);
  const [{ data, fetching, error }] = useQuery({
    query: OPTIONS,
    variables: { portfolio, search, first: OFFERED },
  });
  const offered = data ? options(data, search, chosen) : [];
  const more = data && moreOptions(data);

  const box = useCombobox<Failing>({
    items: [...offered],
    selectedItem: null,
    itemToString: (item) => item?.name ?? "",
    itemToKey: (item) => item && `${item.kind} ${item.id}`,
    onInputValueChange: ({ inputValue }) => setText(inputValue.trim()),
    stateReducer: (_, { type, changes }) =>
      type === useCombobox.stateChangeTypes.InputKeyDownEnter ||
      type === useCombobox.stateChangeTypes.ItemClick
        ? { ...changes, inputValue: "" }
        : changes,
    onSelectedItemChange: ({ selectedItem }) => selectedItem && onChange(selectedItem, true),
  });

  return (
    <div className="failing">
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the properties say which */}
      <label {...box.getLabelProps()}>What fails?</label>
      {chosen.length > 0 && (
        <ul className="chosen" aria-label="What fails">
          {chosen.map((failing) => (
            <li key={`${failing.kind} ${failing.id}`}>
              <span className="quiet">{failing.kind}</span> {failing.name}
              <button
                type="button"
                aria-label={`Remove ${failing.kind} ${failing.name}`}
                onClick={() => onChange(failing, false)}
              >
                <Icon name="cross" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="combobox">
        <input
          {...box.getInputProps()}
          type="text"
          placeholder="Type a provider, service, region, zone or agreement"
        />
        <div className="popup" hidden={!box.isOpen}>
          <ul {...box.getMenuProps({ "aria-label": "What can fail" })}>
            {box.isOpen &&
              offered.map((item, index) => (
                <li
                  key={`${item.kind} ${item.id}`}
                  {...box.getItemProps({ item, index })}
                  data-highlighted={box.highlightedIndex === index || undefined}
                >
                  <span className="kind">{item.kind}</span>
                  <span>
                    {item.name}
                    {item.name !== item.id && <span className="id quiet"> {item.id}</span>}
                  </span>
                  <span className="quiet">{item.about}</span>
                </li>
              ))}
          </ul>
          {box.isOpen && (
            <p className="quiet" role="status">
              {error && "The server does not answer. "}
              {!error && fetching && offered.length === 0 && "Searching"}
              {!error && !fetching && offered.length === 0 && "Nothing has this in its name or id"}
              {more && `${more}: type on to find them`}
            </p>
          )}
        </div>
      </div>
    </div>
  );
}
