import type { CurrentLists, Organisation } from "@writ/issuer";
import type { ObtainedList, StatusListSource } from "@writ/verifier";

/**
 * Status lists of the organisation from its own records, others from wherever `others` has them: a service
 * need not ask itself over the network.
 */
export function createOwnListsSource(
  { statusBase }: Pick<Organisation, "statusBase">,
  lists: CurrentLists,
  others: StatusListSource,
): StatusListSource {
  const obtained = new Map<string, ObtainedList>();
  return {
    ...others,
    async get(address, demand) {
      if (!address.startsWith(statusBase)) return others.get(address, demand);
      const found = await lists.get(address.slice(statusBase.length));
      if (found === undefined) return null;
      const known = obtained.get(address);
      if (known?.text === found.text) return known;
      const list = { text: found.text };
      obtained.set(address, list);
      return list;
    },
  };
}
