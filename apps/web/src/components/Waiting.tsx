import "./Waiting.css";

/** The structure of a page while its numbers are on their way; it shows only when they take longer than a moment. */
export function Waiting({ says = "Reading the record" }: { readonly says?: string }) {
  return (
    <div className="waiting" aria-busy="true">
      <p className="heard">{says}</p>
      {[64, 48, 92, 88, 90, 84, 91].map((width, i) => (
        <div key={i} className={`waiting-line waiting-${width}`} />
      ))}
    </div>
  );
}
