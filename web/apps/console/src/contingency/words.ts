/** The house's own playbooks, risks and checks in the reader's language; what a merchant wrote is shown as written. */
import { useI18n } from "vue-i18n";

interface Written {
  word: string | null;
  title?: string;
  text?: string;
}

export function useHouseWords() {
  const { t, te } = useI18n();
  const of = (path: string, fallback: string) => (te(path) ? t(path) : fallback);
  return {
    title: (book: Written) => (book.word ? of(`contingency.house.titles.${book.word}`, book.title ?? "") : (book.title ?? "")),
    step: (step: Written) => (step.word ? of(`contingency.house.steps.${step.word}`, step.text ?? "") : (step.text ?? "")),
    risk: (risk: Written) => (risk.word ? of(`contingency.house.risks.${risk.word}.title`, risk.title ?? "") : (risk.title ?? "")),
    prevention: (risk: Written & { prevention: string }) => (risk.word ? of(`contingency.house.risks.${risk.word}.prevention`, risk.prevention) : risk.prevention),
  };
}
