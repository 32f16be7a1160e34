    internal override fun recordType() = Companion

    /** Reads the class from JSON, and serializes it with kotlinx.serialization. */
    companion object : RecordType<{{ name }}>() {
        internal override fun codec() = {{ name }}Codec

        @JvmStatic
        @Throws(ScalekitException::class)
        override fun fromJson(json: String): {{ name }} = read(json)

        @JvmStatic
        @JsonCreator
        internal fun ofData(data: Map<String, Any?>): {{ name }} = read(data)

        /** Returns the serializer for kotlinx.serialization. */
        fun serializer(): KSerializer<{{ name }}> = this
    }