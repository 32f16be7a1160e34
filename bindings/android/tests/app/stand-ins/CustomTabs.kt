package androidx.browser.customtabs

import android.content.Context
import android.content.Intent
import android.net.Uri

class CustomTabsIntent private constructor(private val intent: Intent) {
    fun launchUrl(context: Context, url: Uri) = context.startActivity(intent.setData(url))

    class Builder {
        fun build() = CustomTabsIntent(Intent(Intent.ACTION_VIEW))
    }
}
