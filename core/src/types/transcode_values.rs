//! `transcode_values!`, which expands to nothing without `dispatch`.

/// Implements `Transcode` of types that are read and then written, with the defaults of those that a field has without
/// `Option`.
macro_rules! transcode_values {
    ($($Type:ty $(= $default:literal)?),* $(,)?) => { $(
        #[cfg(feature = "dispatch")]
        impl crate::types::Transcode for $Type {
            fn transcode(
                from: &mut crate::types::Reader<'_>,
                to: &mut crate::types::Writer,
            ) -> crate::types::Read<bool> {
                crate::types::transcode_value::<Self>(from, to)
            }

            $( fn transcode_default(to: &mut crate::types::Writer) {
                to.raw($default);
            } )?
        }
    )* };
}
pub(crate) use transcode_values;

transcode_values!(
    bool = "false",
    super::Json,
    std::sync::Arc<super::SecretText>,
    std::sync::Arc<super::SecretJson>
);
